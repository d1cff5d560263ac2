"""What a loader is given: a file or a folder that is there, under names that can be shown."""

import os
import stat
import unicodedata
from pathlib import Path

from graph import BadInput

# Control characters and escapes, marks that cannot be seen, bytes that are no UTF-8, ends of lines.
_ODD = ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_shown(name: str) -> bool:
    """True where every sign of a name can be shown on a terminal and in a report."""
    return shown(name) == name


def shown(name: str) -> str:
    """A name, with U+FFFD for each sign that cannot be shown."""
    return "".join("\ufffd" if unicodedata.category(sign) in _ODD else sign for sign in name)


def hold(path: Path) -> None:
    """Hold what is to be read to files and folders, before anything of it is opened.

    Raise BadInput where it is not there, is neither, is or holds a closed folder, or has or holds
    a name that cannot be shown.
    """
    name = shown(path.name) or "The folder"
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(f"{name} is not there") from None
    except (OSError, ValueError):
        raise BadInput(f"{name} cannot be read: look at its permissions") from None
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise BadInput(f"{name} is a pipe or a device: save what it gives as a file, and load that")
    try:
        held = list(path.rglob("*"))
    except RecursionError:
        raise BadInput(f"{name} holds folders within folders without end") from None
    for one in (path, *held):
        place = shown(str(one.relative_to(path.parent)))
        if not is_shown(one.name):
            raise BadInput(f"{place} has a sign in its name that cannot be shown: rename it")
        # What is in a closed folder would be taken for missing, and ended.
        if one.is_dir() and not os.access(one, os.R_OK | os.X_OK):
            raise BadInput(f"{place} cannot be read: look at its permissions")
