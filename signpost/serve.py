"""The web app under gunicorn, in this process's group, until Ctrl-C."""

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from gunicorn.app.base import BaseApplication

from graph import Settings
from signpost.anchoring import Anchoring
from signpost.parts import anchors_of, open_graph, people_file, posting
from signpost.screen import out
from web import Counts, create_app
from web.people import read_people
from web.session import session_key

THREADS = 16


class Serving(BaseApplication):
    """gunicorn with workers of threads; each opens its own connections."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts = Counts()
        # Before anything is served: a key that cannot be used stops the start, and one that is not there
        # is made once, not by each worker.
        session_key(settings.session_key_file)
        if not settings.anchor_key_file.exists():
            _make_anchor_key(settings)
        self._anchors = anchors_of(settings)
        self._anchoring: Anchoring | None = None
        self._ending = ExitStack()
        self._tell = self._ending.enter_context(posting(settings))
        super().__init__()

    def load_config(self) -> None:
        """Settings for gunicorn; no access log, because an address holds a handle."""
        wanted = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "workers": self._settings.workers,
            "threads": THREADS,
            "timeout": 60,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "when_ready": lambda server: announce(self._settings),
            "worker_exit": lambda server, worker: self._end(),
        }
        for name, value in wanted.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The app, made in each worker."""
        path = people_file(self._settings)
        people, examples = read_people(path) if self._settings.demo and path.exists() else ((), ())
        graph = open_graph(self._settings, self._tell)
        self._anchoring = Anchoring(graph, self._anchors, self._settings.anchor_minutes)
        self._anchoring.start()
        return create_app(graph, self._settings, people, examples, self._counts)

    def _end(self) -> None:
        if self._anchoring:
            self._anchoring.stop()
        self._ending.close()


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM.

    A worker that ends comes out here, too: the database above is not its own to stop.
    """
    parent = os.getpid()
    try:
        Serving(settings).run()
    except SystemExit as end:
        if os.getpid() != parent:
            os._exit(end.code if isinstance(end.code, int) else bool(end.code))
        if end.code:
            raise


def _make_anchor_key(settings: Settings) -> None:
    """Make it in a copy of this process; raise what anchors_of does.

    To see that there are no anchors yet it begins threads, and a worker that is forked after them would
    wait for one of them for ever.
    """
    with ProcessPoolExecutor(1, get_context("fork")) as copy:
        copy.submit(_opened, settings).result()


def _opened(settings: Settings) -> None:
    anchors_of(settings)


def announce(settings: Settings) -> None:
    """Say where the app is and who may sign in."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    out.print(f"\nSignpost is at [bold]http://{host}:{settings.port}[/bold]  (Ctrl-C stops it)")
    path = people_file(settings)
    if not settings.demo or not path.exists():
        return
    people, examples = read_people(path)
    out.print("\nSign in as one of the demo people; there is no password:")
    for person in people:
        out.print(f"  {person.id:<22} {person.role:<13} {person.sentence}")
    out.print("\nNHS numbers to try:")
    for example in examples:
        if example.nhs_number:
            out.print(f"  {example.nhs_number}  {example.what}")
