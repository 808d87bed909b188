"""What is plugged into the terminal: scanner, slip printer, sound. Drivers know bytes and nothing of the shop."""
