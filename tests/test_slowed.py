"""An address from which too many sign-ins fail: slowed down, on record, told; and which address it is."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from graph import BadSetting, Graph, MisuseSigns, Settings
from tests.web_clients import PEOPLE
from tests.world import AUDITOR, FAR_LEAD, LEAD, NOW
from web import create_app

pytest_plugins = ("tests.web_fixtures",)
HERE, THERE = "192.0.2.7", "198.51.100.9"
Bare = Callable[..., list[dict[str, Any]]]


def fails(app: Flask, times: int, at: str = HERE, **headers: str) -> list[int]:
    """Fail to sign in so often from an address; the statuses."""
    client, here = app.test_client(), {"environ_base": {"REMOTE_ADDR": at}}
    token = client.get("/api/session", **here).json["csrf_token"]
    sent = {"json": {"person": "nobody"}, "headers": {"X-CSRFToken": token, **headers}}
    return [client.post("/api/session", **sent, **here).status_code for _ in range(times)]


def through(proxies: str, graph: Graph, home: Path) -> Flask:
    """The app behind so many proxies."""
    env = {"SIGNPOST_HOME": str(home), "SIGNPOST_DEMO": "on", "SIGNPOST_PROXIES": proxies}
    return create_app(graph, Settings.read(env), PEOPLE)


def test_an_address_is_slowed_down_and_leaves_one_record_without_the_address(
    bare_app: Flask, graph: Graph, bare: Bare, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert fails(bare_app, 65)[58:] == [401, 401, *[429] * 5]
        assert fails(bare_app, 65, THERE)[-1] == 429
    rows = bare("MATCH (r:Access {outcome: 'slowed down'}) RETURN properties(r) AS said")
    records = [row["said"] for row in rows]
    tokens = {graph.keyring.stamp("address", one) for one in (HERE, THERE)}
    assert len(records) == 2
    assert {one["address"] for one in records} == tokens
    assert {(one["user"], one["question"]) for one in records} == {("unknown", "failed sign-ins")}
    for address in (HERE, THERE):
        assert address not in caplog.text
        assert address not in str(records)
    NOW.forward(minutes=1)
    [sign] = graph.ask(AUDITOR, MisuseSigns()).signs
    assert (list(sign.users), sign.count) == (["unknown"], 2)
    assert "an address was slowed down" in sign.why
    assert not any(graph.ask(one, MisuseSigns()).signs for one in (LEAD, FAR_LEAD))


def test_who_is_slowed_down_by_address_is_not_told_of_a_lead(bare_app: Flask) -> None:
    fails(bare_app, 61)
    page = bare_app.test_client()
    token = page.get("/api/session").json["csrf_token"]
    here = {"environ_base": {"REMOTE_ADDR": HERE}, "headers": {"X-CSRFToken": token}}
    answer = page.post("/sign-in", **here)
    assert answer.status_code == 429
    assert "lead" not in answer.text
    assert "broker line" in answer.text


def test_without_a_trusted_proxy_nobody_names_their_own_address(bare_app: Flask) -> None:
    said = [fails(bare_app, 1, **{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(62)]
    assert [one for [one] in said][-3:] == [401, 429, 429]


def test_behind_a_proxy_each_address_is_counted_by_what_the_proxy_says(
    graph: Graph, tmp_path: Path
) -> None:
    app = through("1", graph, tmp_path)
    assert fails(app, 61, **{"X-Forwarded-For": HERE})[-2:] == [401, 429]
    assert fails(app, 1, **{"X-Forwarded-For": THERE}) == [401]
    assert fails(app, 1, **{"X-Forwarded-For": f"{THERE}, {HERE}"}) == [429]


@pytest.mark.parametrize("value", ["-1", "10", "one"])
def test_proxies_are_counted(graph: Graph, tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="SIGNPOST_PROXIES must be a whole number"):
        through(value, graph, tmp_path)
