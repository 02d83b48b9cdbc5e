"""What a release is made of: whether all agree on its version, the archive that HACS unpacks, its notes."""

from release.archive import ARCHIVE, BUILT, NotBuiltError, pack
from release.changelog import Section, sections
from release.versions import disagreements

__all__ = ["ARCHIVE", "BUILT", "NotBuiltError", "Section", "disagreements", "pack", "sections"]
