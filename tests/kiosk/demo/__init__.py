"""Tests of kiosk/demo."""
