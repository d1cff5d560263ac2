"""Anchors of the access record, taken every few minutes while the app serves, and once at its end."""

from threading import Event, Thread

from graph import Anchors, Graph, SignpostError
from signpost.screen import err


class Anchoring:
    """A thread that takes anchors; where one cannot be taken it says so, and tries again."""

    def __init__(self, graph: Graph, anchors: Anchors, minutes: float) -> None:
        self._graph, self._anchors, self._seconds = graph, anchors, minutes * 60
        self._ended = Event()
        self._thread = Thread(target=self._run, name="anchoring", daemon=True)

    def start(self) -> None:
        """Begin, with an anchor at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take the last anchor and end."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        self._take()
        while not self._ended.wait(self._seconds):
            self._take()
        self._take()

    def _take(self) -> None:
        try:
            self._graph.anchor(self._anchors)
        except SignpostError as error:
            self._say(str(error))
        # Nobody else would see it, and no anchor would ever follow.
        except Exception as error:
            self._say(f"{type(error).__name__}; tell Signpost's developers.")

    def _say(self, why: str) -> None:
        err.print(f"signpost: no anchor of the access record: {why}", markup=False)
