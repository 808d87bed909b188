"""How a terminal and the county exchange logs: the steps of both sides as functions without sockets or files.

One folder a protocol version; the hub speaks the newest and two older ones.
"""
