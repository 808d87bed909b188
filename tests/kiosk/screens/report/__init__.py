"""The screen of reports: its bars, its words, its keys, its pictures."""
