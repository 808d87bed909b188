"""The steps of both sides, without sockets."""
