"""Checks a release, and creates the archive and the release notes."""

import argparse
from collections.abc import Sequence
import hashlib
from pathlib import Path
import sys

from release import ARCHIVE, NotBuiltError, disagreements, pack, sections

REPOSITORY = Path(__file__).parents[2]


def main(arguments: Sequence[str], root: Path = REPOSITORY) -> int:
    """Check a version and, with a folder, create its release; return the exit code: 1 if that is not possible, else 0.

    Raises SystemExit for an invalid command line, OSError if the folder cannot be written.
    """
    parser = argparse.ArgumentParser(
        prog="scripts/release", description="Check that all files name the same version, and create the release."
    )
    parser.add_argument("tag", metavar="TAG", help="tag of the version, such as 0.1.0")
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help=f"folder for {ARCHIVE} and notes.md (default: only check)")
    options = parser.parse_args(arguments)

    if found := disagreements(root, options.tag):
        sys.stderr.writelines(f"release: {sentence}\n" for sentence in found)
        return 1
    newest = sections((root / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
    sys.stdout.write(f"release: all files name version {options.tag}, dated {newest.date}.\n")
    if options.folder is not None and newest.date is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        archive = options.folder / ARCHIVE
        try:
            names = pack(root, archive, newest.date)
        except NotBuiltError as error:
            sys.stderr.write(f"release: {error}\n")
            return 1
        (options.folder / "notes.md").write_text(f"{newest.text}\n", encoding="utf-8")
        sys.stdout.write(f"release: {archive} has {len(names)} files, SHA-256 {hashlib.sha256(archive.read_bytes()).hexdigest()}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
