"""The steps, in order; a step never changes once a hub has run it."""
