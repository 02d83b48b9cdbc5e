"""The exception of the demo."""


class DemoError(Exception):
    """The demo cannot continue. The message is shown to the user who started it."""
