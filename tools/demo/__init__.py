"""A real Home Assistant with a simulated account, for trying the integration and for end-to-end tests."""

from demo.errors import DemoError
from demo.running import Demo, free_port, running_demo

__all__ = ["Demo", "DemoError", "free_port", "running_demo"]
