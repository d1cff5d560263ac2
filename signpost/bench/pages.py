"""signpost bench page: the page of a service map, on the server, on its way and in a browser."""

import gzip
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from werkzeug.serving import make_server

from graph import BadInput, FindChild, Purpose, ServiceMapOf, Viewer
from signpost.bench.figures import Figure, Scratch
from signpost.bench.hidden import VIEWER, Browser, bench_app
from signpost.bench.made import STEWARD
from signpost.bench.made_maps import SOURCE, batch_of
from web.as_of import AsOf, AsOfForm
from web.assets import STATIC
from web.map_page import MapPage

QUICK, WHOLE = (30,), (30, 300, 1_000)  # nodes
TIMES_QUICK, TIMES = 5, 30  # the page is asked for
DRAWN_QUICK, DRAWN = 1, 5  # the page is drawn
STOCK = 300  # with more nodes pyvis's own page takes minutes
FIRST, LATER, READY = 350, 40, 0.5  # kilobytes, kilobytes and seconds that are the target
_PATIENCE = 180_000  # milliseconds
# From the last byte of the page to the network's first drawing; both are of one clock.
_READY = "Number(document.querySelector('[data-drawn]').dataset.drawn)"
_ARRIVED = "performance.getEntriesByType('navigation')[0].responseEnd"


def bench_page(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Server time beside the JSON answer, bytes beside the target, time until the network is drawn.

    Return the figures, and a sentence on the sizes. Raises BadInput where there is no playwright.
    """
    nodes, figures = QUICK if quick else WHOLE, []
    batch, numbers = batch_of(nodes)
    place.graph.load(STEWARD, SOURCE)
    place.graph.load(STEWARD, batch)
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as home:
        app = bench_app(place, home)
        client = Browser.signed_in(app)
        handles = [_found(client, number) for number in numbers]
        for many, handle in zip(nodes, handles, strict=True):
            progress("pages on the server", many, 0)
            figures.append(_server(client, many, handle, TIMES_QUICK if quick else TIMES))
        figures += _bytes(client, handles[0])
        # In a thread of its own: playwright runs one loop in each, and whoever calls may have one.
        with ThreadPoolExecutor(1) as thread:
            drawn = thread.submit(
                _all_drawn, place, app, dict(zip(nodes, numbers, strict=True)), quick
            )
            figures += drawn.result()
    times = TIMES_QUICK if quick else TIMES
    return figures, f"maps of {', '.join(map(str, nodes))} nodes, each asked for {times} times"


def _found(client: Browser, number: str) -> str:
    stated = {"purpose": Purpose.STRATEGY_DISCUSSION.value, "reference": "BENCH-1"}
    answer = client.http.post(
        "/api/find", json={"nhs_number": number, **stated}, headers={"X-CSRFToken": client.token}
    )
    return answer.json["children"][0]["handle"]


def _server(client: Browser, many: int, handle: str, times: int) -> Figure:
    page, answer = (
        median(_taken(client, address, times))
        for address in (f"/children/{handle}", f"/api/children/{handle}/service-map")
    )
    return Figure("page", f"server, {many} nodes", "ms", page, answer, "JSON")


def _taken(client: Browser, address: str, times: int) -> Iterator[float]:
    """Milliseconds of each request but the first."""
    for n in range(times + 1):
        start = perf_counter()
        client.http.get(address)
        if n:
            yield 1_000 * (perf_counter() - start)


def _bytes(client: Browser, handle: str) -> list[Figure]:
    """Kilobytes that a browser fetches, as a proxy that compresses sends them: at first, and later."""
    page = client.http.get(f"/children/{handle}").data
    names = [part.split(b"?")[0].decode() for part in page.split(b'"/static/')[1:]]
    names.append("vendor/govuk-frontend.min.js")  # which the others import
    sizes = [_sent((STATIC / name).read_bytes()) for name in names]
    return [
        Figure("page", "first visit, compressed", "kB", _sent(page) + sum(sizes), FIRST, "at most"),
        Figure("page", "later visit, compressed", "kB", _sent(page), LATER, "at most"),
    ]


def _sent(raw: bytes) -> float:
    return len(gzip.compress(raw, 6)) / 1_000


def _all_drawn(place: Scratch, app: Any, numbers: Mapping[int, str], quick: bool) -> list[Figure]:
    found: list[Figure] = []
    with _served(app) as site, _chromium() as browser:
        for many, number in numbers.items():
            found += _drawn(place, browser, site, many, number, DRAWN_QUICK if quick else DRAWN)
    return found


def _drawn(
    place: Scratch, browser: Any, site: str, many: int, number: str, times: int
) -> Iterator[Figure]:
    """Seconds until the network is drawn; and beside the target, and beside pyvis's own page."""
    ours = median(_in_browser(browser, site, number, times))
    yield Figure("page", f"drawn, {many} nodes", "s", ours, READY, "at most")
    if many <= STOCK:
        stock = _stock(browser, _network(place, number))
        yield Figure("page", f"drawn, {many} nodes, beside pyvis", "s", ours, stock, "pyvis's page")


def _in_browser(browser: Any, site: str, number: str, times: int) -> Iterator[float]:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/sign-in")
    page.check(f"input[value='{VIEWER.id}']")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/find")
    page.get_by_label("NHS number").fill(number)
    page.get_by_label("Purpose").select_option(Purpose.STRATEGY_DISCUSSION.value)
    page.get_by_label("Your case reference").fill("BENCH-1")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Whom do I ring").click()
    for _ in range(times):
        page.reload()
        page.locator("[data-drawn]").wait_for(timeout=_PATIENCE)
        yield (page.evaluate(_READY) - page.evaluate(_ARRIVED)) / 1_000
    context.close()


def _network(place: Scratch, number: str) -> Mapping[str, Any]:
    viewer = Viewer(id="bench", role=VIEWER.role).stating(
        purpose=Purpose.STRATEGY_DISCUSSION, reference="BENCH-1"
    )
    handle = place.graph.ask(viewer, FindChild(nhs_number=number)).children[0].handle
    shown = place.graph.ask(viewer, ServiceMapOf(child=handle))
    return MapPage(shown, AsOf(), AsOfForm()).network or {}


def _stock(browser: Any, network: Mapping[str, Any]) -> float:
    """Seconds until pyvis's own page of the same graph, with what it does by default, has drawn it."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    for node in network["nodes"]:
        net.add_node(node["id"], label=node["label"])
    for edge in network["edges"]:
        net.add_edge(edge["from"], edge["to"])
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as folder:
        path = Path(folder) / "stock.html"
        path.write_text(net.generate_html())
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE)
        start = perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        page.locator("canvas").wait_for()
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        taken = perf_counter() - start
        page.close()
    return taken


@contextmanager
def _served(app: Any) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request is not a figure
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise BadInput(
            "bench page needs playwright: pip install playwright, and a Chromium."
        ) from None
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        flags = ["--disable-gpu"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        try:
            yield browser
        finally:
            browser.close()
