"""Splink's side of the match bench, set up as its documentation recommends for people."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from anyascii import anyascii

from graph import BadInput
from signpost.bench.match_sets import INSTALL, NUMBERS, MatchSet, Pair, Record
from signpost.bench.ours import Linked

NAME = "Splink 5"
SEED = 5
PAIRS = 5e6  # drawn for u
NAMES = ("family", "given")
# A pair is compared where it agrees in all parts of one of these; each where the set has the fields.
BLOCKS = (
    ("nhs",),
    ("upn",),
    ("born",),
    ("family", "given"),
    ("family", "sector"),
    ("given", "sector"),
    ("substr(family, 1, 3)", "substr(given, 1, 3)"),
    ("substr(family, 1, 3)", "substr(born, 1, 7)"),
    ("substr(given, 1, 3)", "substr(born, 1, 7)"),
    ("family", "substr(born, 1, 4)"),
    ("given", "substr(born, 1, 4)"),
)
# Almost surely one person: from these Splink estimates what share of pairs match.
SURE = (("nhs",), ("family", "given", "born"), ("family", "born", "sector"))
SURE_RECALL = 0.8
SESSIONS = (("family", "given"), ("born",), ("sector", "given"))


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to set Splink up.

    labels: m from who is who, instead of by expectation maximisation; told: the share of pairs that
    match is told, not estimated; whole: given and family name in one comparison, with frequencies
    of whole names.
    """

    labels: bool = False
    told: bool = False
    whole: bool = False

    def __str__(self) -> str:
        return (
            ("m from labels" if self.labels else "m by EM")
            + (", prior told" if self.told else "")
            + (", whole names" if self.whole else "")
        )


QUICK = (Setup(), Setup(labels=True, told=True))
SETUPS = (*QUICK, Setup(labels=True), Setup(told=True), Setup(labels=True, told=True, whole=True))


def link(given: MatchSet, setup: Setup) -> Linked:
    """Train Splink on a set and let it score the pairs that its own blocks give.

    Raises BadInput where Splink is not installed.
    """
    with quiet():
        linker = _linker(given, setup)
        _train(linker, given, setup)
        linker.inference.compute_blocked_pairs_for_predict()
        start = perf_counter()
        scored = linker.inference.predict(warning_mode="never")
        seconds = perf_counter() - start
        rows = scored.as_pandas_dataframe()
    ids = zip(rows["unique_id_l"], rows["unique_id_r"], rows["match_probability"], strict=True)
    found: dict[Pair, float] = {(min(a, b), max(a, b)): float(p) for a, b, p in ids}
    return Linked(found, set(), seconds)


def _linker(given: MatchSet, setup: Setup) -> Any:
    try:
        import duckdb
        import pandas
        from splink import DuckDBAPI, Linker, SettingsCreator
    except ImportError:
        raise BadInput(INSTALL) from None
    size = len(given.records)
    table = pandas.DataFrame([_row(record, given.fields) for record in given.records])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(given.fields, setup),
        blocking_rules_to_generate_predictions=_rules(BLOCKS, given.fields),
        probability_two_random_records_match=len(given.true_pairs) / (size * (size - 1) / 2),
        retain_matching_columns=False,
    )
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    return Linker(DuckDBAPI(connection).register(table), settings, log_level=None)


def _row(record: Record, fields: Any) -> dict[str, Any]:
    """The record as Splink's documentation says to prepare it: small letters, no marks, no blanks."""
    row: dict[str, Any] = {name: getattr(record, name) for name in fields}
    row |= {name: _plain(row[name]) for name in NAMES}
    row["full_name"] = f"{row['given']} {row['family']}" if row["given"] and row["family"] else None
    row["born"] = record.born.isoformat() if record.born else None
    return {"unique_id": record.id, "cluster": record.cluster, **row}


def _plain(name: str | None) -> str | None:
    letters = anyascii(name or "").lower().replace("-", " ")
    return "".join(c for c in letters if c.isalpha() or c == " ").strip() or None


def _comparisons(fields: Any, setup: Setup) -> list[Any]:
    from splink import comparison_library as cl

    if setup.whole:
        made: list[Any] = [
            cl.ForenameSurnameComparison(
                "given", "family", forename_surname_concat_col_name="full_name"
            )
        ]
    else:
        made = [cl.NameComparison("given"), cl.NameComparison("family")]
    made.append(cl.DateOfBirthComparison("born", input_is_string=True))
    if "sex" in fields:
        made.append(cl.ExactMatch("sex"))
    if "postcode" in fields:
        made.append(cl.PostcodeComparison("postcode"))
    elif "sector" in fields:
        made.append(cl.ExactMatch("sector").configure(term_frequency_adjustments=True))
    return made + [cl.ExactMatch(name) for name in NUMBERS if name in fields]


def _rules(blocks: Any, fields: Any) -> list[Any]:
    from splink import block_on

    return [block_on(*parts) for parts in blocks if all(_field(part) in fields for part in parts)]


def _field(part: str) -> str:
    return part.removeprefix("substr(").split(",")[0]


def _train(linker: Any, given: MatchSet, setup: Setup) -> None:
    training = linker.training
    if not setup.told:
        training.estimate_probability_two_random_records_match(
            _rules(SURE, given.fields), recall=SURE_RECALL
        )
    training.estimate_u_using_random_sampling(PAIRS, SEED)
    if setup.labels:
        training.estimate_m_from_label_column("cluster")
        return
    for rule in _rules(SESSIONS, given.fields):
        training.estimate_parameters_using_expectation_maximisation(rule)


@contextmanager
def quiet() -> Iterator[None]:
    """Without what Splink prints and warns on the way."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
