"""Tools around a pack: holding its own test cases against what it decides."""
