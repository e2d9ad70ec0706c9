"""Formats rule files: indentation and spacing in one way, comments, texts and the order of keys as they were written."""
