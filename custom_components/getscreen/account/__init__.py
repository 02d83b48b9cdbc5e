"""The engine of one account: when to ask the server, what is known, and what changed."""
