"""Findings about what an analyst wrote: where, what is wrong, what to write instead, in Chinese and English."""
