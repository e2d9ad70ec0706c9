"""What all tests share: generated cases are the same on every run and every machine."""

from hypothesis import settings

settings.register_profile("nbo", derandomize=True, database=None, deadline=None, print_blob=False)
settings.load_profile("nbo")
