"""The steps, in order; a step never changes once a village has run it."""
