"""Files in, checked rows out: one module per format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph import BadInput, Batch, Fault
from loaders import annex_a, cin, cpis, csv_folder, episodes, gias, ods, openreferral, ssd, ssda903
from loaders.batches import Progress
from loaders.places import hold
from loaders.unknown import wrong_with


@dataclass(frozen=True)
class Loader:
    """One format: its kind as a feed is named, a sentence, how it is read and its rejects written.

    knows: says by the content how a file or folder is known to be of this format; None if it is not.
    """

    kind: str
    sentence: str
    read: Callable[[Path, str, date, bool, Progress | None], Batch]
    reject: Callable[[Path, Sequence[Fault], Path], Path | None]
    knows: Callable[[Path], str | None]


LOADERS = {
    module.FEED: Loader(module.FEED, sentence, module.read, module.reject, module.knows)
    for module, sentence in (
        (csv_folder, "Up to ten CSV files in a folder or zip, Signpost's own format."),
        (annex_a, "An Annex A workbook: the lists of an authority's children's services."),
        (ssd, "The Standard Safeguarding Dataset: a folder or zip of its tables as CSV."),
        (ssda903, "The looked-after return SSDA903: CSV set, workbook or XML."),
        (cin, "A Children in Need census, the XML of 2017 to 2026."),
        (gias, "The schools register (GIAS): schools and their links, as CSV, folder or zip."),
        (ods, "NHS organisations: an ODS report as CSV, ODS FHIR, or ORD as JSON."),
        (cpis, "CP-IS: FHIR bundles of plans and looked-after children, as JSON or XML."),
        (episodes, "SocialCareData ServiceEpisode JSON; written by: signpost export episodes."),
        (openreferral, "A directory of services (Open Referral UK, HSDS 1 and 3), as JSON pages."),
    )
}


def loader(kind: str) -> Loader:
    """Find the loader of a format.

    Return it. Raise BadInput, with the kinds there are, where there is none.
    """
    if kind not in LOADERS:
        raise BadInput(f"There is no such loader; there are: {', '.join(LOADERS)}")
    return LOADERS[kind]


def kind_of(path: Path) -> tuple[str, str]:
    """Find out by the content of what kind a file or folder is, never by its name.

    Return the kind, and a sentence on how it was known. Raise BadInput where it is none, with what is
    wrong with it, or where two kinds claim it.
    """
    hold(path)
    found = _claims(path) or _claims(_alone(path))
    if len(found) == 1:
        return found[0]
    if found:
        claims = "; ".join(f"{kind}: {how}" for kind, how in found)
        raise BadInput(f"{path.name} could be of several kinds ({claims}): say which")
    none = f"{path.name} is of no kind that is known; there are: {', '.join(LOADERS)}"
    raise BadInput(wrong_with(path) or none)


def _claims(path: Path) -> list[tuple[str, str]]:
    said = {kind: loader.knows(path) for kind, loader in LOADERS.items()}
    return [(kind, how) for kind, how in said.items() if how]


def _alone(path: Path) -> Path:
    """The file of a folder in which nothing else is to be seen; else the path itself."""
    held = [one for one in path.iterdir() if one.name[:1] != "."] if path.is_dir() else []
    return held[0] if len(held) == 1 and held[0].is_file() else path


def _place(kind: str, path: Path) -> Path:
    """Where to read: of a folder around one file, that file, where it is of the kind by itself."""
    one, knows = _alone(path), loader(kind).knows
    return one if one != path and not knows(path) and knows(one) else path


def read(
    kind: str,
    path: Path,
    source: str,
    extracted: date,
    full: bool = True,
    progress: Progress | None = None,
) -> Batch:
    """Read a file or a folder; a folder around one file is taken for that file.

    kind: which loader. source: who sends it. extracted: the day of the extract. full: False where
    it only adds and corrects. progress: called with what is read, how much is done, and of how much.
    Return the batch. Raise BadInput where it cannot be used.
    """
    hold(path)
    return loader(kind).read(_place(kind, path), source, extracted, full, progress)


def reject(kind: str, path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows of what was read, to repair and load again.

    target: the folder to write. Return what to load after repair; None where no row was rejected.
    Raise BadInput where they cannot be written.
    """
    return loader(kind).reject(_place(kind, path), faults, target)


__all__ = ["LOADERS", "Loader", "Progress", "kind_of", "loader", "read", "reject"]
