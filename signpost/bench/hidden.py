"""signpost bench hidden: whether time or database hits tell what is hidden from what is not there."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from statistics import median
from threading import local
from time import perf_counter
from typing import Any, NamedTuple

from graph import Role, Settings
from graph.store import Transaction
from signpost.bench.figures import Figure, Scratch
from signpost.bench.hidden_people import EACH, FAR, FAR_VIEWER
from signpost.bench.hidden_things import SEED, Case, Sent, made_cases
from signpost.bench.ranks import p_value
from web import Person, create_app

QUICK, WHOLE = 12, 1_000  # pairs of each case
FIRST_QUICK, FIRST = 3, EACH  # of each sort, those whose words and database hits are looked at
TOLD_APART = 0.01  # a p under this says that the two are told apart
VIEWER = Person(
    id=FAR_VIEWER, name="Far Away", role=Role.LEAD, authority=FAR, sentence="No ground at all"
)


class Two(NamedTuple):
    """What was measured of the answers of each sort: seconds, or database hits."""

    hidden: list[float]
    absent: list[float]


def bench_hidden(place: Scratch, quick: bool, progress: Any) -> tuple[list[Figure], str]:
    """Of each case what is hidden beside what is not there: time and database hits, median and p of both.

    Return the figures, and a sentence on the sizes.
    """
    pairs, first = (QUICK, FIRST_QUICK) if quick else (WHOLE, FIRST)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as home:
        app, cases = bench_app(place, home), made_cases(place, quick)
        with ThreadPoolExecutor(place.threads) as pool:
            with profiling() as counts:
                touched = pool.map(lambda c: hits(Browser.signed_in(app), c, first, counts), cases)
                each = _told(touched, progress, "counting database hits", len(cases))
            timed = pool.map(lambda case: times(Browser.signed_in(app), case, pairs), cases)
            taken = _told(timed, progress, "asking for what is hidden", len(cases))
        for case, hit, took in zip(cases, each, taken, strict=True):
            figures += _figures(case.name, took, hit)
    many = f"{len(cases)} cases of {pairs:,} pairs, {place.threads} at once, in process, without limits"
    return figures, f"{many}; by luck p is under {TOLD_APART} in one case of {1 / TOLD_APART:.0f}"


def _told(found: Iterable[Two], progress: Any, what: str, total: int) -> list[Two]:
    """All of them, with progress."""
    every = []
    for done, one in enumerate(found):
        every.append(one)
        progress(what, done + 1, total)
    return every


def bench_app(place: Scratch, home: str) -> Any:
    """The real app, where nobody is slowed down for asking much."""
    settings = Settings.read({"SIGNPOST_HOME": home, "SIGNPOST_DEMO": "on"})
    app = create_app(place.graph, settings, [VIEWER])
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False
    return app


@dataclass(frozen=True)
class Browser:
    """A viewer without a ground for anything, signed in; without a browser."""

    http: Any
    token: str

    @classmethod
    def signed_in(cls, app: Any) -> "Browser":
        """Sign in, and take the token that every POST needs."""
        http = app.test_client()
        cls(http, _token(http)).ask(Sent("/api/session", {"person": VIEWER.id}))
        return cls(http, _token(http))

    def ask(self, sent: Sent) -> str:
        """Send it; return the status, and whom or what it shows."""
        api = sent.address.startswith("/api/")
        answer = self.http.open(
            sent.address,
            method="GET" if sent.body is None else "POST",
            json=sent.body if api else None,
            data=None if api else sent.body,
            headers={"X-CSRFToken": self.token},
        )
        said = answer.json if answer.is_json else None
        shown = [said.get(name) for name in ("children", "services")] if said else []
        return f"{answer.status_code} {shown}"


def _token(http: Any) -> str:
    return http.get("/api/session").json["csrf_token"]


def _figures(name: str, taken: Two, touched: Two) -> list[Figure]:
    ours, beside = (1000 * median(seconds) for seconds in taken)
    hidden, absent = map(median, touched)
    return [
        Figure("hidden", name, "ms", ours, beside, "not there"),
        Figure("hidden", f"{name}: p", "p", p_value(*taken), TOLD_APART, "told apart"),
        Figure("hidden", f"{name}: database", "hits", hidden, absent, "not there"),
        Figure("hidden", f"{name}: database, p", "p", p_value(*touched), TOLD_APART, "told apart"),
    ]


def times(browser: Browser, case: Case, pairs: int) -> Two:
    """Ask for both sorts in pairs, in any order within each; one answer of each sort counts as none."""
    rng, taken = Random(SEED), Two([], [])  # noqa: S311
    sorts = list(zip((case.hidden, case.absent), taken, strict=True))
    for _ in range(1 + pairs):
        for things, seconds in rng.sample(sorts, 2):
            sent = rng.choice(things)
            start = perf_counter()
            browser.ask(sent)
            seconds.append(perf_counter() - start)
    return Two(taken.hidden[1:], taken.absent[1:])


def hits(browser: Browser, case: Case, first: int, counts: local) -> Two:
    """Database hits of each request, by turns; raises AssertionError where words tell the sorts apart."""
    said: set[str] = set()
    touched = Two([], [])
    for n in range(first):
        for things, sort in zip((case.hidden, case.absent), touched, strict=True):
            counts.hits = 0
            said.add(browser.ask(things[n % len(things)]))
            sort.append(counts.hits)
    if len(said) != 1:
        raise AssertionError(f"{case.name} is told apart in words: {sorted(said)}")
    return touched


@contextmanager
def profiling() -> Iterator[local]:
    """The database hits of every statement that a thread runs meanwhile."""
    counts = local()
    run = Transaction.run

    def listen(self: Transaction, name: str, /, **params: Any) -> list[dict[str, Any]]:
        rows, count = self.profiled(name, **params)
        counts.hits = getattr(counts, "hits", 0) + count
        return rows

    Transaction.run = listen
    try:
        yield counts
    finally:
        Transaction.run = run
