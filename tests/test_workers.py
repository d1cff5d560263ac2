"""Several workers: what they count, they count together, and one that is killed loses no record."""

import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
import pytest
import requests

from graph import Purpose, Settings
from graph.store import Store
from signpost.parts import anchors_of, connection, open_graph
from tests.conftest import free_port
from tests.test_serve import SECONDS, answers, until
from tests.test_strands import AUDITOR
from web.counts import Counts
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


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """The processes that answer: copies of their parent."""
    like = parent.cmdline()
    return [one for one in parent.children() if one.cmdline() == like]


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
    [number] = [
        one.nhs_number for one in read_people(settings.home / "demo" / "people.json")[1][:1]
    ]
    body = {"nhs_number": number, "purpose": Purpose.ASSESSMENT, "reference": reference}
    return sent(settings, "/api/find", body, cookies)


def test_a_user_is_slowed_down_by_all_workers_together(
    served: tuple[Settings, psutil.Process],
) -> None:
    settings, _ = served
    lead = sent(settings, "/api/session", {"person": "grace.adeyemi"}).cookies
    with ThreadPoolExecutor(THREADS) as pool:
        wanted = [pool.submit(find, settings, lead, f"L-{n}") for n in range(2 * FINDS)]
        statuses = Counter(one.result().status_code for one in wanted)
    assert statuses == {200: FINDS, 429: FINDS}


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
        with suppress(requests.ConnectionError):
            found = find(settings, who, reference)
            assert found.status_code == 200
            given.append(reference)
            handle = found.json()["children"][0]["handle"]
            address = f"{settings.url}/api/children/{handle}/service-map"
            maps.append(requests.get(address, cookies=who, timeout=SECONDS).ok)

    asked = range(FINDS * len(cookies))
    done, killed = Event(), list[psutil.Process]()

    def kill() -> None:
        while len(killed) < KILLED and not done.wait(0.7):
            killed.append(workers(parent)[0])
            killed[-1].kill()

    killing = Thread(target=kill)
    killing.start()
    with ThreadPoolExecutor(THREADS) as pool:
        for one in [pool.submit(ask, number) for number in asked]:
            one.result()
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
    damage = graph.verify(AUDITOR, anchors_of(settings)).damage
    graph.close()
    assert len(given) > FINDS // 2
    assert set(given) <= set(finds), "an answer without its record"
    assert max(Counter(finds).values()) == max(Counter(seen).values()) == 1, "a doubled record"
    assert all(maps)
    assert len(maps) <= len(seen) <= len(given)
    assert damage == []


def _count(file: Path, times: int) -> None:
    counts = Counts(f"file://{file}", key="key")
    for _ in range(times):
        counts.incr("nadia.one", 600)


def test_processes_count_together_and_the_file_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "limits"
    new = get_context("spawn")
    running = [new.Process(target=_count, args=(file, 200)) for _ in range(WORKERS)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    counts = Counts(f"file://{file}", key="key")
    assert counts.get("nadia.one") == 200 * WORKERS
    assert Counts(f"file://{file}", key="other").get("nadia.one") == 0
    assert b"nadia" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_has_run_out_is_gone_with_the_next_count(tmp_path: Path) -> None:
    counts = Counts(f"file://{tmp_path / 'limits'}", key="key")
    counts.incr("first", 0, 7)
    assert (counts.get("first"), counts.check()) == (0, True)
    assert counts.incr("first", 600) == 1
    counts.clear("first")
    assert counts.incr("second", 600, 2) == 2
    counts.reset()
    assert counts.get("second") == 0
