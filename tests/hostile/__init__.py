"""A hostile server, and Home Assistant's reaction to it."""
