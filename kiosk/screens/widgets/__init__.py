"""Pieces of screens: each shows one thing, knows no store and tells what happened by a message."""
