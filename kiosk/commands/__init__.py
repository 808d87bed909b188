"""The command line, one file a group of commands; `kiosk/cli.py` puts them together.

Heavy imports stay inside each command, so that help costs little.
"""
