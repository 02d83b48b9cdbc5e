"""The archive that HACS downloads."""

from datetime import date
from pathlib import Path
import stat
from zipfile import ZipFile, ZipInfo

ARCHIVE = "getscreen.zip"
BUILT = ("cards/getscreen.js", "cards/getscreen.js.LEGAL.txt", "cards/getscreen.js.map")
"""The files that scripts/frontend builds."""


class NotBuiltError(Exception):
    """The built cards are missing; the message says what to do."""


def pack(root: Path, target: Path, day: date) -> list[str]:
    """Write the integration and the license to `target`, and return the names in it; the same files and day produce the same bytes.

    HACS unpacks it into custom_components/getscreen, so the content of that folder is at the root of the archive.

    Raises NotBuiltError if a file of the built cards is missing, OSError if a file cannot be read or written.
    """
    folder = root / "custom_components/getscreen"
    for name in BUILT:
        if not (folder / name).is_file():
            raise NotBuiltError(f"{name} is missing from custom_components/getscreen. Run scripts/frontend and then this again.")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    # Exclude files of Python, of desktop environments, and of the cards of other versions.
    files = {name: path for name, path in files.items() if "__pycache__" not in name and "/." not in f"/{name}"}
    files = {name: path for name, path in files.items() if name in BUILT or not name.startswith("cards/")}
    files["LICENSE"] = root / "LICENSE"
    # Not compressed, because versions of zlib produce different bytes, and a second build should produce the same archive.
    with ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name].read_bytes())
    return sorted(files)
