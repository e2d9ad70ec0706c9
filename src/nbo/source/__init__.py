"""YAML and plain values as a tree in which every value knows where it stands."""
