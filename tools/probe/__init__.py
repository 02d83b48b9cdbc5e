"""Checks against the server of a real account which assumptions of docs/api.md hold, with a few read-only requests."""
