"""`python -m junto.config.command`: how the supervisor starts its parts."""

from junto.config.command import main

main(prog_name="junto")
