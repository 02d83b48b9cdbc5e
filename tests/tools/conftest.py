"""The tools are tested without Home Assistant."""

from tests.without_home_assistant import _custom_integrations, _time_zone, canned, enable_event_loop_debug, session

__all__ = ["_custom_integrations", "_time_zone", "canned", "enable_event_loop_debug", "session"]
