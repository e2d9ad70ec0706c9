"""The command line: one command a file; what it prints is also to be had as JSON."""
