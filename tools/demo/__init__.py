"""A simulated Getscreen account and a real Home Assistant that shows it, for a first look and for end-to-end tests."""

from demo.errors import DemoError
from demo.running import Demo, free_port, running_demo

__all__ = ["Demo", "DemoError", "free_port", "running_demo"]
