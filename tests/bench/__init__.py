"""Tests of bench: what it measures must be right before it is fast."""
