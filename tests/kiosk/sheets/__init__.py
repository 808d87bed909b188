"""Sheets in and out: cells, headings, tables, whole files, the copy with reasons, templates and the samples."""
