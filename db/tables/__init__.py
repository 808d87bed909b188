"""Declarations of every table, one file a family; used for reading. Writing is done by prebuilt statements."""
