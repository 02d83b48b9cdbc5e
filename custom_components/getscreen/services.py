"""The entry point of the actions, in the file where Home Assistant developers expect it."""

from .actions import async_setup_services

__all__ = ["async_setup_services"]
