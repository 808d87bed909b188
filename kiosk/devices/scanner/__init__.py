"""Scanners: whatever the wire, one ``Scan``. Keys of a wedge, bytes of a serial port, and a simulated one for both."""
