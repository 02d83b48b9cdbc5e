"""A server without manners, and what Home Assistant makes of it."""
