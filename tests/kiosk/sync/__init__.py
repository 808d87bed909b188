"""Reporting to the county."""
