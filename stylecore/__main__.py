"""`python -m stylecore` is the command `stylecore`."""

from .cli import main

if __name__ == "__main__":
    main()
