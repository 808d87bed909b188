"""The slip printer: bytes, ports, questions about paper and cover, and the queue that never stops a sale."""
