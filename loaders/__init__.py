"""Files in, checked rows out: one module per format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault
from loaders import annex_a, csv_folder
from loaders.batches import Progress


@dataclass(frozen=True)
class Loader:
    """One format: its kind as a feed is named, a sentence, how it is read and its rejects written."""

    kind: str
    sentence: str
    read: Callable[[Path, str, date, bool, Progress | None], Batch]
    reject: Callable[[Path, Sequence[Fault], Path], Path | None]


LOADERS = {
    loader.kind: loader
    for loader in (
        Loader(
            csv_folder.FEED,
            "A folder of up to six CSV files, Signpost's own format.",
            csv_folder.read,
            csv_folder.reject,
        ),
        Loader(
            annex_a.FEED,
            "An Annex A workbook: Lists 2 to 9 of an authority's children's services.",
            annex_a.read,
            annex_a.reject,
        ),
    )
}


def loader(kind: str) -> Loader:
    """Find the loader of a format.

    Return it. Raise BadInput, with the kinds there are, where there is none.
    """
    if kind not in LOADERS:
        raise BadInput(f"There is no such loader; there are: {', '.join(LOADERS)}")
    return LOADERS[kind]


def read(
    kind: str,
    path: Path,
    source: str,
    extracted: date,
    full: bool = True,
    progress: Progress | None = None,
) -> Batch:
    """Read a file or a folder.

    kind: which loader. source: who sends it. extracted: the day of the extract. full: False where
    it only adds and corrects. progress: called with what is read, how much is done, and of how much.
    Return the batch. Raise BadInput where it cannot be used.
    """
    return loader(kind).read(path, source, extracted, full, progress)


__all__ = ["LOADERS", "Loader", "Progress", "loader", "read"]
