"""The check of wording: it finds words that the project's style rules out, and names better ones."""

from wording.rules import Finding, Rules
from wording.texts import prose

__all__ = ["Finding", "Rules", "prose"]
