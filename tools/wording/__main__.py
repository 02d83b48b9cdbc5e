"""Prints the words of the repository that words.toml rules out, with better ones."""

from pathlib import Path
import sys

from wording import Rules

LIST = Path(__file__).with_name("words.toml")
REPOSITORY = Path(__file__).parents[2]


def main(root: Path = REPOSITORY, source: Path = LIST) -> int:
    """Print a line for each word found; return the exit code: 1 if there are any, else 0."""
    found = Rules(source).check(root)
    sys.stdout.writelines(f"{finding}\n" for finding in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
