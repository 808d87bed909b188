"""Tests of what the village does."""
