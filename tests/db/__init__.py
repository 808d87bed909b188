"""Tests of the store both sides share: format, journal, projections, guards, migrations."""
