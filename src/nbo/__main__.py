"""`python -m nbo` is `nbo`."""

from nbo.cli.main import main

main()
