"""Service episodes as the SocialCareData standards write them in JSON, as docs/episodes.md says."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from graph import Batch, Fault, Row
from loaders.batches import Progress, Ticker, begin
from loaders.episodes.directory import Directory
from loaders.episodes.index import Index, is_event, node_of
from loaders.episodes.node import Named, Node, named
from loaders.episodes.people import child_of, hides, nameless
from loaders.episodes.rejects import READ, private_json
from loaders.episodes.text import Item, items
from loaders.episodes.ties import episode_of, rows_of
from loaders.episodes.ties import hides as withdraws
from loaders.unread import OF_CHILDREN, Keys

FEED = "episodes"
_TABLES = ("services", "practitioners", "children", "involvements", "allocations")
_DESCRIBED = ("services", "practitioners", "children")
_SAMPLE = 1_000_000
_EPISODE = re.compile(rb'"@type"\s*:\s*(\[\s*)?"[^"]*\bServiceEpisode"')


def read(
    path: Path, source: str, extracted: date, full: bool = True, progress: Progress | None = None
) -> Batch:
    """Read a file of service episodes: once to see who and what it describes, and once for its rows.

    path: the file. full: False where it only adds and corrects; a file of rejects makes it so.
    Return a batch whose rows are read as they are asked for, with a fault for each object that is not
    taken. Raise BadInput where the file is not JSON.
    """
    batch = begin(FEED, source, extracted, full)
    index = Index(path.name)
    size = path.stat().st_size if path.is_file() else 0
    ticker = Ticker(progress, 2 * size)
    keys = Keys(OF_CHILDREN)
    index.read(_noted(items(path, ticker.share(path.name, size)), keys))
    rows = _Rows(index, extracted)
    return batch.model_copy(
        update={
            "stream": rows.stream(items(path, ticker.share(path.name, size))),
            "tables": _TABLES,
            "full": full and not index.partial,
            "faults": index.faults,
            "warnings": index.warnings,
            "unread": keys,
        }
    )


def reject(path: Path, faults: Sequence[Fault], target: Path) -> Path | None:
    """Write the rejected objects to repair, each with its reason.

    path: the file that was read. target: the folder to write, made where it is absent.
    Return the file to load after repair, its owner's only and without what is never read; None where
    nothing was rejected. Raise BadInput as `read` does, and where it is there already.
    """
    if not faults:
        return None
    index = Index(path.name)
    index.read(items(path))
    return private_json(target / f"{path.stem}.json", path, index, faults)


def knows(path: Path) -> str | None:
    """Say that a file holds service episodes, by its beginning; None where it shows none."""
    try:
        with path.open("rb") as file:
            sample = file.read(_SAMPLE)
    except OSError:
        return None
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and _EPISODE.search(sample):
        return "it holds objects of the type ServiceEpisode, as SocialCareData writes them"
    return None


def _noted(read: Iterator[Item], keys: Keys) -> Iterator[Item]:
    """The same objects; keys of theirs that are not read go to `keys`."""
    for item in read:
        node = node_of("", item)
        for kind in READ.keys() & node.classes if node else ():
            for key in item.value:
                if key not in READ[kind] and key[:1] != "@":
                    keys.note(kind, key)
        yield item


class _Rows:
    """The second walk: rows of everything that the episodes are about, each once."""

    def __init__(self, index: Index, extracted: date) -> None:
        self._index, self._extracted = index, extracted
        self._directory = Directory(index)
        self._said: dict[tuple[str, str], int] = {}
        names = index.names["Person"]
        self._nameless = [one for one in index.subjects if names.lacks(one)]
        self._children = {names.find(one) for one in index.subjects if names.describes(one)}
        self._care = {names.find(one) for one in index.care if names.describes(one)}
        # A reference by a value in another system is refused, and yet tells of whom it is.
        self._care_values = {one.value for one in index.care}

    def stream(self, read: Iterator[Item]) -> Iterator[Row]:
        """Every row; what is described twice alike is one."""
        for row in self._all(read):
            if row.table not in _DESCRIBED or self._is_new(row):
                yield row

    def _is_new(self, row: Row) -> bool:
        """True unless the same was said before of the same record."""
        key, said = (row.table, row.record), hash(row.model_copy(update={"file": "", "line": 0}))
        before = self._said.get(key)
        self._said.setdefault(key, said)
        return before != said

    def _all(self, read: Iterator[Item]) -> Iterator[Row]:
        yield from self._directory.services()
        yield from self._directory.posts()
        self._index.faults += self._directory.faults
        self._index.warnings += self._directory.warnings
        for one in self._nameless:
            if row := nameless(one, *self._index.subjects[one]):
                yield row
        for node in (node_of(self._index.file, item) for item in read):
            if node is None:
                continue
            if "Person" in node.classes:
                yield from self._person(node)
            elif "ServiceEpisode" in node.classes and not is_event(node):
                yield from self._episode(node)
            self._index.warnings += node.warnings()

    def _person(self, node: Node) -> Iterator[Row]:
        """A child; a person whom no episode is about is left alone, unless marked as shielded."""
        found = named(node.says.get("identifier"))
        record = node.take("identifier", lambda _: self._index.names["Person"].record(found))
        about = record in self._children or any(one in self._index.subjects for one in found)
        if not about and not hides(node):
            node.odd.clear()
        elif row := child_of(node, record, self._in_care(record, found)):
            yield row
        else:
            self._index.faults += node.faults(("children", record), hides=hides(node))

    def _in_care(self, record: str | None, found: list[Named]) -> bool:
        return record in self._care or any(one.value in self._care_values for one in found)

    def _episode(self, node: Node) -> Iterator[Row]:
        episode, records = episode_of(node, self._index)
        rows = list(rows_of(node, episode, self._directory)) if episode else []
        if node.wrong:
            self._index.faults += node.faults(*records, hides=withdraws(node))
            return
        if episode and episode.period.from_ and episode.period.from_ > self._extracted:
            node.odd["timeInformation"] = "is after the date of the extract; it is taken as it is"
        yield from rows
