"""`python -m bot` is the command `stylebot`."""

from .cli import main

if __name__ == "__main__":
    main()
