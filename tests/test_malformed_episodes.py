"""Two hundred broken files of episodes: a clear refusal, or every episode accounted for."""

import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph import BadInput, Batch
from loaders import episodes
from loaders.episodes.text import MOST_ITEM
from tests.test_episodes import TODAY, episode, graph_of, ref, usual
from tests.test_malformed import cut, noise
from tests.world import whole


def _zip(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", "[]")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", r"a\.json, line 1: is not JSON: a list or an object"),
        (b"child,from\n1,2\n", "line 1: is not JSON"),
        (b'{"@graph": [\n{"a": 1},\n{"b": }\n]}', "line 3: is not JSON from here on"),
        (b'{"@graph": [{"a": 1}', "line 1: is not JSON from here on"),
        (b"[{}]\n[{}]", "line 2: is not JSON: nothing may follow"),
        (b'[\n{"a": "\xff"}]', "line 2: is not UTF-8"),
        (b"[" * 100_000, "is nested too deep"),
        (b'[{"a":' + b"[" * 5_000, "is nested too deep"),
        (b'[{"a": "' + b"z" * (MOST_ITEM + 100_000) + b'"}]', "one part is larger than 1 MB"),
        (b"\x00\x01\x02" * 99, "is not JSON"),
        (bytes(range(256)) * 99, "is not"),
        ('[{"@type": "Zz'.encode("utf-16"), "is not JSON from here on"),
        (b"\x1f\x8b\x08" + bytes(60), "is not"),
    ],
)
def test_files_that_cannot_be(tmp_path: Path, data: bytes, words: str):
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(BadInput, match=words):
        episodes.read(tmp_path / "a.json", "leeds", TODAY)


def test_places_that_are_no_file(tmp_path: Path):
    for place, words in ((tmp_path, "is not a file"), (tmp_path / "absent", "is not there")):
        with pytest.raises(BadInput, match=words):
            episodes.read(place, "leeds", TODAY)
    (tmp_path / "a.json").write_bytes(_zip(tmp_path / "a.zip"))
    with pytest.raises(BadInput, match="is not"):
        episodes.read(tmp_path / "a.json", "leeds", TODAY)


JUNK: list[Any] = [
    None, True, False, 0, -1, 1e300, "", " ", "zz", "zz\x00", "\ud800", "zz" * 90, [], {}, ["zz"],
    {"zz": "zz"}, [[["zz"]]], {"@value": "2026-01-01"}, "2026-13-01", "9990000018", [{}], [None],
    {"value": "zz"}, [{"value": {"zz": 1}, "system": ["zz"]}], {"date": ["zz"]}, "👶zz", "9999-12-31",
]  # fmt: skip


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in an object whose value can be changed."""
    if not isinstance(value, (dict, list)):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [p for key in keys for p in _places(value[key])]


def _change(random: Random, nodes: list[Any]) -> None:
    where, key = random.choice(_places(nodes))
    if isinstance(where, dict) and random.random() < 0.2:
        del where[key]
    elif random.random() < 0.1:
        where[key] = [where[key], deepcopy(where[key])]
    else:
        where[key] = deepcopy(random.choice(JUNK))


def _sign(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.choice([b'"', b"{", b"]", b",", b"\n", b"\0", b"\\"]) + data[at + 1 :]


BYTES: list[Callable[[Random, bytes], bytes]] = [cut, noise, _sign, _sign, noise]


@pytest.mark.parametrize("case", range(200))
def test_broken_files(tmp_path: Path, case: int):
    """Every episode is taken or refused, or the file is, and nothing of them is in what is said."""
    random = Random(case)
    own = {"signpost:kind": "referral", "signpost:consent": "given", "signpost:endExact": False}
    nodes: list[Any] = json.loads(
        json.dumps([*usual(**own), episode(identifier=[ref("EP-2", "zz")])])
    )
    path = tmp_path / "a.json"
    for _ in range(1 + case % 4):
        _change(random, nodes)
    data = json.dumps(graph_of(*nodes)).encode()
    path.write_bytes(random.choice(BYTES)(random, data) if case % 4 == 0 else data)
    batch: Batch | None = None
    try:
        batch = whole(episodes.read(path, "leeds", date(2026, 11, 20)))
        words = "\n".join(f"{fault} {fault.table}" for fault in (*batch.faults, *batch.warnings))
    except BadInput as error:
        words = str(error)
    assert not any(mark in words.casefold() for mark in ("zz", "okafor", "999000", "2015"))
    if batch is None:
        return
    taken = {row.file for row in batch.involvements}
    refused = {fault.file for fault in batch.faults}
    assert taken.isdisjoint(refused)
    kept = episodes.reject(path, batch.faults, tmp_path / "out")
    assert (kept is None) == (not refused)
    if kept:
        out = json.loads(kept.read_text())["@graph"]
        assert sum("reason" in node for node in out) == len(refused)
    if case % 4:
        sure = {
            f"a.json/object {number}"
            for number, node in enumerate(nodes, 1)
            if isinstance(node, dict) and node.get("@type") == "ServiceEpisode"
        }
        assert sure <= taken | refused
