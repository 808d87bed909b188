"""`python -m county` is the command `county`."""

from county.cli import main

if __name__ == "__main__":
    main()
