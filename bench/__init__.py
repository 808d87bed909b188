"""Measurements: ours as a ratio to a floor of the same run. `make bench` prints what, floor, ours, ratio and bar."""
