"""The program: `kiosk` and `python -m kiosk`."""

import sys


def main() -> None:
    """Open the terminal at once; any other command goes through the command line, whose parser takes its time."""
    if sys.argv[1:] == ["run"]:
        from kiosk.home import default_home
        from kiosk.launch import open_terminal

        sys.exit(open_terminal(default_home()))
    from kiosk.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
