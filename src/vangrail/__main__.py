"""`python -m vangrail` is the command line."""

from vangrail.cli import main

main()
