"""The door to the actions, where developers of Home Assistant look for it."""

from .actions import async_setup_services

__all__ = ["async_setup_services"]
