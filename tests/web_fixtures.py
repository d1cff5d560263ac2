"""Fixtures of the web: the app over a real graph, served for a browser.

A module that needs them says `pytest_plugins = ("tests.web_fixtures",)`.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask_openapi3 import OpenAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from graph import Accounts, Graph, NewUser, Role, Settings, Source
from tests.web_clients import (
    EXAMPLES,
    PEOPLE,
    PERSONAL,
    Client,
    Watch,
    crowd,
    leeds_health,
    lookalikes,
)
from tests.world import LEEDS, STEWARD, World
from web import create_app, moments

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that show nothing leave at moments, which come soon; tests/test_moments.py has its own."""
    monkeypatch.setattr(moments, "STEP", 0.001)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a demo in a folder of its own."""
    return Settings.read({"SIGNPOST_HOME": str(tmp_path), "SIGNPOST_DEMO": "on"})


@pytest.fixture
def bare_app(graph: Graph, settings: Settings) -> OpenAPI:
    """The app over a graph that holds nobody."""
    return create_app(graph, settings, PEOPLE, EXAMPLES)


@pytest.fixture
def app(world: World, bare_app: OpenAPI) -> OpenAPI:
    """The app over the small world, with a health visitor in Leeds besides."""
    source = {
        "id": "leeds-health",
        "name": "Leeds health",
        "authority": LEEDS,
        "basis": "public task",
        "agency": "health",
    }
    world.graph.load(STEWARD, Source.model_validate(source))
    world.graph.load(STEWARD, leeds_health())
    nadia = NewUser(id="nadia.one", name="Nadia Leeds", role=Role.PRACTITIONER, authority=LEEDS)
    Accounts(world.graph).add(STEWARD, nadia, "tractor lemon quiet harbour")
    return bare_app


@pytest.fixture
def alike(app: OpenAPI, world: World) -> OpenAPI:
    """The app, with children besides who may be one."""
    world.graph.load(STEWARD, lookalikes())
    return app


@pytest.fixture
def crowded(app: OpenAPI, world: World) -> OpenAPI:
    """The app, with more children besides than can be told apart."""
    world.graph.load(STEWARD, crowd())
    return app


@pytest.fixture
def sign_in(app: OpenAPI) -> Callable[[str], Client]:
    """A client for a person of PEOPLE."""
    return lambda person: Client(app, person)


@pytest.fixture
def site(app: OpenAPI) -> Iterator[str]:
    """The app on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine, or the one that playwright brought.

    What is expected is waited for longer than usual: a server that has just begun plans its first queries.
    """
    expect.set_options(timeout=15_000)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield started
        started.close()


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """A watch that fails the test afterwards where there was anything to complain of."""
    made = Watch(site)
    yield made
    assert made.complaints == []
    personal = [a for a in made.addresses if any(word in a.lower() for word in PERSONAL)]
    assert personal == []


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page at a desk, with script."""
    context = browser.new_context(base_url=watch.site)
    yield watch.over(context)
    context.close()


@pytest.fixture
def plain_page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page without script, as wide as a telephone."""
    context = browser.new_context(
        base_url=watch.site, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    yield watch.over(context)
    context.close()
