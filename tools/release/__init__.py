"""The parts of a release: the check of its version, the archive for HACS, and the release notes."""

from release.archive import ARCHIVE, BUILT, NotBuiltError, pack
from release.changelog import Section, sections
from release.versions import disagreements

__all__ = ["ARCHIVE", "BUILT", "NotBuiltError", "Section", "disagreements", "pack", "sections"]
