"""Tests: folders mirror the code; stories, properties, faults, the oracle and the architecture stand beside them."""
