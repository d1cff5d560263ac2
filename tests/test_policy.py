"""The policy has a version, which every access record names: what changes it has another one."""

import json
from enum import StrEnum
from hashlib import sha256
from typing import Any

from graph import KEEP_YEARS, KEEPING, POLICY, POLICY_VERSION, Source, access, keeping

# Each version with the digest of what it stands for. A line is added, never changed.
VERSIONS = {
    "2026-12-03": "62660f3ec498ba6ac4a3c155c7d176322ba8a70e86845e5757cec45a8817e298",
    "2026-12-04": "62660f3ec498ba6ac4a3c155c7d176322ba8a70e86845e5757cec45a8817e298",
}


def digest() -> str:
    """Of who may do what, on which ground, for which purposes, and how long all of it is kept."""
    table = {
        permission.name: {role.name: [ground.name for ground in row[role]] for role in row}
        for permission, row in POLICY.items()
    }
    lists = {
        name: {one.name: one.value for one in found}
        for name, found in vars(access).items()
        if isinstance(found, type)
        and issubclass(found, StrEnum)
        and found.__module__ == access.__name__
    }
    said = [table, lists, times(access), times(keeping), dict(KEEPING)]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def times(module: Any) -> dict[str, str]:
    """The constants of a module that are no table: times, and numbers of days or years."""
    tables = {"POLICY", "POLICY_VERSION", "KEEPING", "REFUSED"}
    found = {name: str(value) for name, value in vars(module).items() if name.isupper()}
    return {name: said for name, said in found.items() if name[0] != "_" and name not in tables}


def test_what_changes_the_policy_gives_it_a_new_version() -> None:
    assert VERSIONS.get(POLICY_VERSION) == digest(), (
        "Who may do what, why, or how long it is kept has changed: change POLICY_VERSION in graph/access.py "
        f"and this digest together, by a new line in VERSIONS with {digest()}, and run: signpost docs"
    )
    assert list(VERSIONS)[-1] == POLICY_VERSION


def test_the_digest_is_of_all_of_it() -> None:
    assert set(times(access)) == {"BREAK_GLASS_LASTS", "EXPLAIN_WITHIN"}
    assert {"KEEP_YEARS", "ASKED_FOR", "CONFIRMED_FOR", "IDLE"} <= set(times(keeping))


def test_a_source_is_kept_as_long_as_the_table_says() -> None:
    assert Source.model_fields["keep_years"].default == KEEP_YEARS
