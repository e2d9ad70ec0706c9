"""The evidence report: what a pack offers and says, every rule with what enforces it, what is left to people."""
