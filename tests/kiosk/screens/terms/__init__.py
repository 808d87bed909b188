"""The terms on which goods are handed out."""
