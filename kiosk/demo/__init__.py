"""An invented village with invented people, for trying the terminal out and for tests."""
