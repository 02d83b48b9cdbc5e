"""The door to the actions, at the place where Home Assistant's developers expect it."""

from .actions import async_setup_services

__all__ = ["async_setup_services"]
