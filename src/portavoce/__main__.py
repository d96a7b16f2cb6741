"""`python -m portavoce` is the command line."""

from portavoce.cli import main

main()
