"""Explanations: computed on demand from the inputs that a decision recorded, by the reference interpreter."""
