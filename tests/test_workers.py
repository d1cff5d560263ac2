"""Several workers: what they count, they count together, and one that is killed loses no record."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
import pytest
import requests

from graph import BadSetting, Purpose, Settings
from graph.store import Store
from signpost.parts import anchors_of, connection, open_graph, people_file
from tests.conftest import free_port
from tests.test_serve import SECONDS, answers, until, workers
from tests.test_strands import AUDITOR
from web.people import read_people

WORKERS = 3
THREADS = 8
KILLED = 4
FINDS = 30  # a minute; web/limits.py
SIGNED_IN = ("amina.yusuf", "marek.kowalczyk")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, psutil.Process]]:
    """A small demo, served by several workers."""
    said = {"HOME": tmp_path_factory.mktemp("home"), "PORT": free_port(), "DB_PORT": free_port()}
    said |= {"DB_MEMORY": "600m", "WORKERS": WORKERS, "DEMO": "on"}
    named = {f"SIGNPOST_{name}": str(value) for name, value in said.items()}
    environ, silent = os.environ | named, subprocess.DEVNULL
    command = [sys.executable, "-m", "signpost"]
    making = [*command, "demo", "--children", "50"]
    subprocess.run(making, env=environ, check=True, timeout=SECONDS, stdout=silent, stderr=silent)
    with subprocess.Popen([*command, "run"], env=environ, stdout=silent, stderr=silent) as process:
        try:
            settings, parent = Settings.read(named), psutil.Process(process.pid)
            until(lambda: answers(f"{settings.url}/sign-in") and len(workers(parent)) == WORKERS)
            yield settings, parent
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)


def sent(
    settings: Settings, path: str, body: dict[str, Any], cookies: Any = None
) -> requests.Response:
    """What came back, by a connection of its own, so that any worker may answer."""
    with requests.Session() as session:
        session.cookies.update(cookies or {})
        token = session.get(f"{settings.url}/api/session", timeout=SECONDS).json()["csrf_token"]
        asked = {"json": body, "headers": {"X-CSRFToken": token}, "timeout": SECONDS}
        answer = session.post(f"{settings.url}{path}", **asked)
        answer.cookies.update(session.cookies)
        return answer


def find(settings: Settings, cookies: Any, reference: str) -> requests.Response:
    """Find the first child of the demo, for a case of that reference."""
    _, [example, *_] = read_people(people_file(settings))
    body = {"nhs_number": example.nhs_number, "purpose": Purpose.ASSESSMENT, "reference": reference}
    return sent(settings, "/api/find", body, cookies)


def test_workers_take_anchors_from_the_first_start_on(
    served: tuple[Settings, psutil.Process],
) -> None:
    """The place of anchors is reached by threads, which no worker has that is forked after them."""
    settings, _ = served
    until(lambda: [*Path(settings.anchors).glob("*.json")])


def test_a_user_is_slowed_down_by_all_workers_together(
    served: tuple[Settings, psutil.Process],
) -> None:
    settings, _ = served
    lead = sent(settings, "/api/session", {"person": "grace.adeyemi"}).cookies
    with ThreadPoolExecutor(THREADS) as pool:
        wanted = [pool.submit(find, settings, lead, f"L-{n}") for n in range(2 * FINDS)]
        statuses = Counter(one.result().status_code for one in wanted)
    assert statuses == {200: FINDS, 429: FINDS}
    store = Store(connection(settings))
    [row] = store.bare("MATCH (r:Access {outcome: 'slowed down'}) RETURN count(r) AS records")
    store.close()
    assert row["records"] == 1


def test_workers_that_are_killed_lose_and_double_no_record(
    served: tuple[Settings, psutil.Process],
) -> None:
    settings, parent = served
    cookies = [sent(settings, "/api/session", {"person": one}).cookies for one in SIGNED_IN]
    given: list[str] = []
    maps: list[bool] = []

    def ask(number: int) -> None:
        """Find a child and read its map; a worker that is killed takes what it was asked along."""
        who, reference = cookies[number % len(cookies)], f"K-{number}"
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            found = find(settings, who, reference)
            assert found.status_code == 200
            given.append(reference)
            handle = found.json()["children"][0]["handle"]
            address = f"{settings.url}/api/children/{handle}/service-map"
            maps.append(requests.get(address, cookies=who, timeout=SECONDS).ok)

    asked = range(FINDS * len(cookies))
    done, killed = Event(), list[psutil.Process]()

    def kill() -> None:
        while len(killed) < KILLED and not done.is_set():
            for one in workers(parent)[:1]:
                one.kill()
                killed.append(one)
            done.wait(0.7)

    killing = Thread(target=kill)
    killing.start()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            for one in [pool.submit(ask, number) for number in asked]:
                one.result()
    finally:
        done.set()
        killing.join()
    until(lambda: len(workers(parent)) == WORKERS)
    assert killed
    held_to(settings, given, maps)


def held_to(settings: Settings, given: list[str], maps: list[bool]) -> None:
    """Each answer that came has one record, and nothing in the record is missing or changed."""
    store, graph = Store(connection(settings)), open_graph(settings)
    rows = store.bare("MATCH (r:Access) WHERE r.reference STARTS WITH 'K-' RETURN r")
    finds, seen = (
        [row["r"]["reference"] for row in rows if row["r"]["question"] == question]
        for question in ("FindChild", "ServiceMapOf")
    )
    store.close()
    anchors = anchors_of(settings)
    graph.anchor(anchors)
    verified = graph.verify(AUDITOR, anchors)
    graph.close()
    assert len(given) > FINDS // 2
    assert set(given) <= set(finds), "an answer without its record"
    assert max(Counter(finds).values()) == max(Counter(seen).values()) == 1, "a doubled record"
    assert all(maps)
    assert len(maps) <= len(seen) <= len(given)
    assert verified.damage == []


COUNT_THREADS = """
import os, psutil
from graph import Settings
from signpost.parts import anchors_of
from signpost.serve import Serving

if os.fork() == 0:  # threads of numpy end with the first fork
    os._exit(0)
os.wait()
settings = Settings.read()
print(psutil.Process().num_threads())
Serving(settings)
print(psutil.Process().num_threads())
anchors_of(settings).latest
print(psutil.Process().num_threads())
"""


def test_what_reaches_the_place_of_anchors_does_not_run_where_workers_are_forked(
    tmp_path: Path,
) -> None:
    """What waits for a thread that a fork did not bring along waits for ever."""
    command, environ = [sys.executable, "-c", COUNT_THREADS], dict(os.environ)
    environ["SIGNPOST_HOME"] = str(tmp_path)
    said = subprocess.check_output(command, env=environ, text=True, timeout=SECONDS)
    at_first, made, reached = map(int, said.split())
    assert at_first == made < reached
    assert (tmp_path / "keys" / "anchor").exists()


def test_how_many_workers_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {*range(9)}, raising=False)
    assert Settings.read({}).workers == 4
    assert Settings.read({"SIGNPOST_WORKERS": "16"}).workers == 16
    for wrong in ("0", "17", "two", "-1"):
        with pytest.raises(
            BadSetting, match="SIGNPOST_WORKERS must be a whole number, from 1 to 16"
        ):
            Settings.read({"SIGNPOST_WORKERS": wrong})
