"""Lints: what a pack says that is probably not meant. One a file, their order in `lints.py`."""
