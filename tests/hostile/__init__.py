"""A hostile server, and how Home Assistant reacts to it."""
