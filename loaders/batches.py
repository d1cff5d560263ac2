"""How every loader begins a batch, and tells how far it is."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TypeVar

from pydantic import ValidationError

from graph import BadInput, Batch, explain

T = TypeVar("T")
F = TypeVar("F")
Progress = Callable[[str, int, int], None]
"""Called with what is being read, how much of it is done, and of how much in all."""


def begin(feed: str, source: str, extracted: date, full: bool) -> Batch:
    """Make the empty batch of one extract.

    Return it without rows. Raise BadInput where the source or the date cannot be.
    """
    try:
        return Batch(source=source, feed=feed, extracted=extracted, full=full)
    except ValidationError as error:
        said = "; ".join(f"{field} {sentence}" for field, sentence in explain(error, Batch))
        raise BadInput(said) from None


def each(files: Mapping[str, F], work: Callable[[str, F], T]) -> dict[str, T]:
    """Do `work` on every file, and stop only after the last.

    Return what it gave, by the same keys. Raise one BadInput that names what is wrong with each.
    """
    done: dict[str, T] = {}
    problems = []
    for key, file in files.items():
        try:
            done[key] = work(key, file)
        except BadInput as problem:
            problems.append(str(problem))
    if problems:
        raise BadInput("\n".join(problems))
    return done


def files_in(folder: Path, *suffixes: str) -> list[tuple[str, Path]]:
    """Find the files of a folder, at any depth, whose names end in one of these, in order.

    Return each with its name within the folder. Raise BadInput where there is none.
    """
    found = [one for one in sorted(folder.rglob("*")) if one.suffix.lower() in suffixes]
    named = [(str(one.relative_to(folder)), one) for one in found if one.is_file()]
    if not named:
        raise BadInput(
            f"{folder.name or 'The folder'} holds no file that ends in {' or '.join(suffixes)}"
        )
    return named


class Ticker:
    """Passes on how far a load is, five times a second at the most."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total = progress, total
        self._behind = 0
        self._last = monotonic()

    def share(self, what: str, size: int) -> Callable[[int], None]:
        """Open the next share of the whole, as one file of several.

        Return what to call with how much of it is done.
        """
        behind, self._behind = self._behind, self._behind + size
        return lambda done: self._tell(what, behind + min(done, size))

    def _tell(self, what: str, done: int) -> None:
        if self._progress and monotonic() - self._last >= 0.2:
            self._last = monotonic()
            self._progress(what, done, self._total)
