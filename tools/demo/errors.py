"""The one error the demo raises."""


class DemoError(Exception):
    """The demo cannot go on; the message is a sentence for the person who started it."""
