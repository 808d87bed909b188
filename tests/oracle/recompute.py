"""Recomputes a village from its exported journal: python tests/oracle/recompute.py NAME.lines [NAME.private] [--json].

Needs Python 3.11 and nothing else: neither the terminal nor its store nor any installed library.
Ends with 0 when nothing is wrong, 1 when a fault was found, 2 when a file cannot be read.
"""

import io
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(import_module("tests.oracle.verdict").main(sys.argv[1:]))
