"""What the village does: one file a family. A function decides, writes one action, and returns a frozen outcome.

It takes the store first, then its subject, then `now` (a stamp) and `by` (the operator's id); it raises `Refused` with
a code and never a sentence, and knows no screen, paper or driver.
"""
