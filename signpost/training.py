"""signpost match train: learns from a synthetic England how much each agreement weighs.

m is the share of a level among records of one child, u among those of two. Splink estimates both over
our own comparators, so that what is learnt is what graph/matching.py compares by.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from graph import BadInput
from graph.comparing import Level, Person, compare_names
from graph.matching import score
from graph.naming import name_of
from graph.weights import FILE, NO_FREQUENCIES, weights
from signpost.bench.match_sets import INSTALL, TODAY, Record, by_id, england_records, true_pairs
from signpost.bench.rival import quiet
from signpost.demo import write_england

SEED, CHILDREN = 11, 20_000  # another England than the bench measures on
PAIRS = 2_000_000  # of two children, drawn for u
SMOOTHED = 0.5  # added to the count of each level: what was not seen is rare, not impossible
LEAST = 0.002  # no m is under this, so that one disagreement never rules all out; where fewer true
# pairs of this England have a level, real records may well have it, and it keeps the m given by hand
FIELDS = ("family", "given", "birth", "sex", "sector", "nhs", "upn")
# By hand, because the demo would teach it wrong. FORM: names.csv and the demo's spellings are of one
# hand. The rest: real records have more of these errors than the demo makes (a child renamed, a birth
# date guessed, a family that moved); the values were chosen with FEBRL's and Splink's sets in sight.
KEPT = (
    "family.FORM",
    "family.ALIKE",
    "given.FORM",
    "given.ALIKE",
    "given.DIFFERENT",
    "birth.TWO_PARTS",
    "birth.DIFFERENT",
    "sector.DIFFERENT",
)
NAMES = ("family", "given")
COLUMNS = {"birth": "born"}
NOBODY = Person((), None, None, None, None, None, None, None)

Progress = Callable[[str, int, int], None]
Levels = dict[str, dict[str, dict[str, float]]]


class Seen(NamedTuple):
    """What Splink estimated of one field: per level m and u, and from how many pairs each."""

    m: Mapping[str, float]
    u: Mapping[str, float]
    matches: int
    others: int


def write_weights(path: Path = FILE, progress: Progress | None = None) -> dict[str, Any]:
    """Learn the weights and write them; return what was written. Raises BadInput as train does."""
    with tempfile.TemporaryDirectory(prefix="signpost-train-") as folder:
        learnt = train(Path(folder), SEED, CHILDREN, progress)
    path.write_text(_as_text(learnt), encoding="utf-8")
    return learnt


def train(
    folder: Path, seed: int, children: int, progress: Progress | None = None
) -> dict[str, Any]:
    """Make an England in `folder`, learn m and u of every level, and return weights.json's content.

    Raises BadInput where Splink is not installed.
    """
    said = progress or (lambda what, done, total: None)
    write_england(folder, children, seed=seed, today=TODAY, progress=progress)
    records = list(england_records(folder))
    levels: Levels = {}
    by_hand: list[str] = []
    for done, (field, seen) in enumerate(_estimates(records), start=1):
        levels[field], kept = _learnt(field, seen)
        by_hand += kept
        said("learning", done, len(FIELDS))
    for field in (name for name in weights().levels if name not in FIELDS):
        crosswise = _crosswise(records) if field == "order" else 0.0
        hand = {name: {"m": m, "u": u} for name, (m, u) in weights().levels[field].items()}
        levels[field] = {"SWAPPED": {"m": crosswise, "u": 1.0}} if crosswise else hand
        by_hand += [] if crosswise else [f"{field}.{name}" for name in hand]
    origin = {
        "made": date.today().isoformat(),
        "data": f"synthetic England, seed {seed}, {children} children, {len(records)} records",
        "with": f"Splink {_splink()}, m from labels, u by random sampling of one record each",
        "smoothing": f"{SMOOTHED} pairs added to each level; no m under {LEAST}, or it is by hand",
        "by_hand": ", ".join(by_hand),
    }
    return {"origin": origin, "levels": {name: levels[name] for name in _order(levels)}}


def level_of_names(part: str) -> Callable[[str | None, str | None], str | None]:
    """A comparator of two written names of a part that gives the level's name."""

    def compare(one: str | None, other: str | None) -> str | None:
        names = name_of(one, part), name_of(other, part)
        return compare_names(*names).name if names[0] and names[1] else None

    return compare


def level_of(field: str) -> Callable[[str | None, str | None], str | None]:
    """A comparator of two written values of a field, not a name, that gives the level's name."""

    @lru_cache(maxsize=100_000)
    def compare(one: str | None, other: str | None) -> str | None:
        if not one or not other:
            return None
        found = score(_only(field, one), _only(field, other), NO_FREQUENCIES).terms
        return found[0].level.name if found else None

    return compare


@lru_cache(maxsize=100_000)
def _only(field: str, value: str) -> Person:
    """Someone of whom nothing else is known."""
    known = {"born": date.fromisoformat(value)} if field == "birth" else {field: value}
    return replace(NOBODY, **known)


def _estimates(records: Sequence[Record]) -> Iterable[tuple[str, Seen]]:
    """What Splink estimates of each field: m from who is who, u from one record of each child."""
    singles = list({record.cluster: record for record in records}.values())
    with quiet():
        matching, others = _linker(records), _linker(singles)
        matching.training.estimate_m_from_label_column("cluster")
        others.training.estimate_u_using_random_sampling(PAIRS, SEED, min_count_per_level=None)
    drawn = min(PAIRS, len(singles) * (len(singles) - 1) // 2)
    pairs, record = true_pairs(records), by_id(records)
    for field in FIELDS:
        column = COLUMNS.get(field, field)
        both = sum(
            bool(getattr(record[a], column) and getattr(record[b], column)) for a, b in pairs
        )
        known = sum(getattr(one, column) is not None for one in singles) / len(singles)
        m = _probabilities(matching, field, "m_probability")
        u = _probabilities(others, field, "u_probability")
        yield field, Seen(m, u, both, int(drawn * known * known))


def _linker(records: Sequence[Record]) -> Any:
    """A linker whose comparisons are ours, run by DuckDB as functions."""
    try:
        import duckdb
        import pandas
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError:
        raise BadInput(INSTALL) from None
    connection: Any = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    two, level = ["VARCHAR", "VARCHAR"], "VARCHAR"
    for name, function in _functions().items():
        connection.create_function(f"level_{name}", function, two, level, null_handling="special")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(field) for field in FIELDS],
        blocking_rules_to_generate_predictions=[block_on("cluster")],
        retain_matching_columns=False,
    )
    table = pandas.DataFrame([_row(record) for record in records])
    return Linker(DuckDBAPI(connection).register(table), settings, log_level=None)


def _functions() -> dict[str, Callable[[str | None, str | None], str | None]]:
    names = {part: level_of_names(part) for part in NAMES}
    return names | {field: level_of(field) for field in FIELDS if field not in NAMES}


def _row(record: Record) -> dict[str, Any]:
    row = {field: getattr(record, COLUMNS.get(field, field)) for field in FIELDS}
    row["birth"] = record.born.isoformat() if record.born else None
    return {"unique_id": record.id, "cluster": record.cluster, **row}


def _comparison(field: str) -> Any:
    """The levels of weights.json as Splink's, DIFFERENT as all the rest."""
    from splink import comparison_library

    rule = f"level_{field}({field}_l, {field}_r) = '%s'"
    told = [name for name in weights().levels[field] if name != Level.DIFFERENT.name]
    levels: list[Any] = [
        {
            "sql_condition": f"{field}_l IS NULL OR {field}_r IS NULL",
            "label_for_charts": "not known",
            "is_null_level": True,
        }
    ]
    levels += [
        {"sql_condition": rule.replace("%s", name), "label_for_charts": name} for name in told
    ]
    levels.append({"sql_condition": "ELSE", "label_for_charts": Level.DIFFERENT.name})
    return comparison_library.CustomComparison(levels, output_column_name=field)


def _probabilities(linker: Any, field: str, name: str) -> dict[str, float]:
    """What was estimated, by level; what was never seen is 0."""
    [comparison] = [
        one
        for one in linker.misc.save_model_to_json()["comparisons"]
        if one["output_column_name"] == field
    ]
    levels = [one for one in comparison["comparison_levels"] if not one.get("is_null_level")]
    return {one["label_for_charts"]: float(one.get(name) or 0.0) for one in levels}


def _learnt(field: str, seen: Seen) -> tuple[dict[str, dict[str, float]], list[str]]:
    """m and u of each level of a field, and the names of those whose m is by hand.

    What no pair has, of one child or of two, keeps its u as well: nobody here is unborn, is written
    by an initial, or has a mistyped number.
    """
    hand = weights().levels[field]
    learnt: dict[str, dict[str, float]] = {}
    kept: list[str] = []
    for name, (m_hand, u_hand) in hand.items():
        rare = seen.m.get(name, 0.0) < LEAST
        if f"{field}.{name}" in KEPT:
            learnt[name], kept = {"m": m_hand, "u": u_hand}, [*kept, f"{field}.{name}"]
            continue
        m = m_hand if rare else _smoothed(seen.m[name], seen.matches, len(hand))
        u = _smoothed(seen.u.get(name, 0.0), seen.others, len(hand))
        u = u_hand if rare and not seen.u.get(name) else u
        kept += [f"{field}.{name}"] if rare else []
        m = max(m, LEAST)
        learnt[name] = {"m": _short(m), "u": _short(min(u, m) if name == "SAME" else u)}
    return learnt, kept


def _smoothed(share: float, pairs: int, levels: int) -> float:
    return (share * pairs + SMOOTHED) / (pairs + SMOOTHED * levels)


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def _crosswise(records: Sequence[Record]) -> float:
    """The share of true pairs in which given and family name stand crosswise; 0 under LEAST."""
    record = by_id(records)
    pairs = true_pairs(records)
    found = sum(
        score(record[a].person, record[b].person, NO_FREQUENCIES).level("names") is Level.CROSSED
        for a, b in pairs
    )
    share = found / max(len(pairs), 1)
    return _short(share) if share >= LEAST else 0.0


def _order(levels: Levels) -> list[str]:
    return [name for name in weights().levels if name in levels]


def _splink() -> str:
    import splink

    return splink.__version__


def _as_text(learnt: Mapping[str, Any]) -> str:
    """As JSON that a person can read: a line for each field's level."""
    fields = []
    for field, levels in learnt["levels"].items():
        rows = [f'   "{name}": {json.dumps(one)}' for name, one in levels.items()]
        fields.append(f'  "{field}": {{\n' + ",\n".join(rows) + "\n  }")
    origin = json.dumps(learnt["origin"], indent=2).replace("\n}", "\n }")
    return f'{{\n "origin": {origin},\n "levels": {{\n' + ",\n".join(fields) + "\n }\n}\n"
