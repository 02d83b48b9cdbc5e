"""The one error the demo raises."""


class DemoError(Exception):
    """The demo cannot go on. The message is for the user who started it."""
