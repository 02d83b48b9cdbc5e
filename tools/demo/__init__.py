"""A living Getscreen account and a real Home Assistant that shows it, for people to look at and for end-to-end tests to drive."""

from demo.errors import DemoError
from demo.running import Demo, free_port, running_demo

__all__ = ["Demo", "DemoError", "free_port", "running_demo"]
