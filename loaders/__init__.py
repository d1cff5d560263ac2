"""Files in, checked rows out: one module per format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from graph import BadInput, Batch, Fault
from loaders import annex_a, cin, cpis, csv_folder, episodes, gias, ods, openreferral, ssd, ssda903
from loaders.aside import Relay, aside, is_worth_it
from loaders.batches import Progress
from loaders.fhir import SUFFIXES
from loaders.leftovers import files_in_sight, not_read
from loaders.places import hold
from loaders.unknown import wrong_with


@dataclass(frozen=True)
class Loader:
    """One format: its kind as a feed is named, a sentence, how it is read and its rejects written.

    knows: says by the content how a file or folder is known to be of this format; None if it is not.
    suffixes: how the names end of the files that it reads in a folder; none where it reads one file.
    """

    kind: str
    sentence: str
    read: Callable[[Path, str, date, bool, Progress | None], Batch]
    reject: Callable[[Path, Sequence[Fault], Path], Path | None]
    knows: Callable[[Path], str | None]
    suffixes: Sequence[str]


_CSV, _JSON = (".csv",), (".json",)
_MOST_LOOKED_AT = 50
LOADERS = {
    module.FEED: Loader(module.FEED, sentence, module.read, module.reject, module.knows, suffixes)
    for module, sentence, suffixes in (
        (csv_folder, "Up to ten CSV files in a folder or zip, Signpost's own format.", _CSV),
        (annex_a, "An Annex A workbook: the lists of an authority's children's services.", ()),
        (ssd, "The Standard Safeguarding Dataset: a folder or zip of its tables as CSV.", _CSV),
        (ssda903, "The looked-after return SSDA903: CSV set, workbook or XML.", _CSV),
        (cin, "A Children in Need census, the XML of 2017 to 2026.", ()),
        (
            gias,
            "The schools register (GIAS): schools and their links, as CSV, folder or zip.",
            _CSV,
        ),
        (
            ods,
            "NHS organisations: an ODS report as CSV, ODS FHIR, or ORD as JSON.",
            (*_CSV, *SUFFIXES),
        ),
        (cpis, "CP-IS: FHIR bundles of plans and looked-after children, as JSON or XML.", SUFFIXES),
        (episodes, "SocialCareData ServiceEpisode JSON; written by: signpost export episodes.", ()),
        (
            openreferral,
            "A directory of services (Open Referral UK, HSDS 1 and 3), as JSON pages.",
            (".json",),
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


def kind_of(path: Path) -> tuple[str, str]:
    """Find out by the content of what kind a file or folder is, never by its name.

    Return the kind, and a sentence on how it was known. Raise BadInput where it is none, with what is
    wrong with it, or where two kinds claim it, or one claims a file of it that the other does not read.
    """
    hold(path)
    found = _claims(path) or _claims(_alone(path))
    if len(found) > 1:
        raise BadInput(f"{path.name} could be of several kinds ({_said(found)}): say which")
    if not found:
        raise BadInput(wrong_with(path) or _no_kind(path))
    if others := next(_others(path, found[0][0]), None):
        said = _said([*found, *others])
        raise BadInput(f"{path.name} holds files of several kinds ({said}): load each by itself")
    return found[0]


def _said(claims: list[tuple[str, str]]) -> str:
    return "; ".join(f"{kind}: {how}" for kind, how in claims)


def _others(path: Path, kind: str) -> Iterator[list[tuple[str, str]]]:
    """What other kinds say of the files of a folder that the loader of its kind does not read."""
    ours = loader(kind)
    for file in files_in_sight(path):
        read_here = file.suffix.lower() in ours.suffixes
        # Of other files than CSV a loader reads all, and may need what another would take.
        if read_here and (file.suffix.lower() not in _CSV or ours.knows(file)):
            continue
        place = file.relative_to(path)
        others = [(k, f"{place}, {how}") for k, how in _claims(file) if k != kind]
        if others:
            yield others


def _no_kind(path: Path) -> str:
    """That a path is of no kind, and which of its files are of one by themselves."""
    none = f"{path.name} is of no kind that is known; there are: {', '.join(LOADERS)}"
    for file in islice(files_in_sight(path), _MOST_LOOKED_AT):
        for kind, _ in _claims(file):
            known = f"{none}. {file.relative_to(path)} by itself is {kind}: "
            if kind_reads := loader(kind).suffixes:
                ends = " or ".join(kind_reads)
                return f"{known}in a folder its name must end in {ends}"
            return f"{known}load each file alone"
    return none


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
    place = _place(kind, path)
    relay = Relay(progress)
    batch = loader(kind).read(place, source, extracted, full, relay)
    # The loader may add to its own list while its rows are read; so does this.
    if isinstance(batch.warnings, list):
        batch.warnings.extend(not_read(place, loader(kind).suffixes))
    return aside(batch, relay) if batch.stream and is_worth_it(place) else batch


def reject(kind: str, path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected rows of what was read, to repair and load again.

    target: the folder to write. Return what to load after repair; None where no row was rejected.
    Raise BadInput where they cannot be written.
    """
    return loader(kind).reject(_place(kind, path), faults, target)


__all__ = ["LOADERS", "Loader", "Progress", "kind_of", "loader", "read", "reject"]
