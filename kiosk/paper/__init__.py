"""What stands on paper: slips as lists of elements, sheets and cards as PDF. Bytes for printers are made elsewhere."""
