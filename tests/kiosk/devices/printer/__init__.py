"""Tests of the slip printer: bytes, questions, queue, and the simulated printer itself."""
