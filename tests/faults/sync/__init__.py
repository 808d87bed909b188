"""Reporting to the county, and everything that can go wrong with it."""
