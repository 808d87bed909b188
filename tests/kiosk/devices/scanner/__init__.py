"""Scanners: keys, bytes, and real pseudo-terminals."""
