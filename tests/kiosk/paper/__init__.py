"""Tests of what stands on paper, read back as text and with a barcode reader."""
