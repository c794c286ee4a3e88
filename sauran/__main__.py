"""`python -m sauran` is the command `sauran`."""

from sauran.server.cli.main import main

main(prog_name="sauran")
