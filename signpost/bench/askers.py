"""Many who ask at once, from several processes, as the workers of `signpost run` do."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from time import perf_counter
from typing import Any

from graph import Connection, Graph, Keyring
from graph.store import Store
from signpost.bench.figures import BROKER, Scratch

Work = Callable[[Graph, Store, Any], None]


class Askers:
    """Processes with connections of their own, each with its part of the threads."""

    def __init__(self, place: Scratch, processes: int) -> None:
        new = get_context("spawn")
        self._pipes: list[Any] = []
        self._running = []
        for each in range(processes):
            ours, theirs = new.Pipe()
            threads = len(range(each, place.threads, processes))
            told = (theirs, place.connection, place.keyring.keys, threads)
            self._running.append(new.Process(target=_work_on, args=told, daemon=True))
            self._pipes.append(ours)
            self._running[-1].start()
            theirs.close()

    def rate(self, work: Work, these: Sequence[Any], times: int) -> float:
        """How many a second, from the first who begins to the last who ends; `these` in turns."""
        count = len(self._pipes)
        for each, pipe in enumerate(self._pipes):
            pipe.send((work, [these[n % len(these)] for n in range(each, times, count)]))
        for pipe in self._pipes:
            pipe.recv()
        for pipe in self._pipes:
            pipe.send("go")
        spans = [pipe.recv() for pipe in self._pipes]
        return times / (max(end for _, end in spans) - min(start for start, _ in spans))

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._running:
            process.join()


@contextmanager
def askers(place: Scratch, processes: int) -> Iterator[Askers]:
    """Askers, until the end."""
    made = Askers(place, processes)
    try:
        yield made
    finally:
        made.close()


def _work_on(pipe: Pipe, connection: Connection, keys: dict[str, bytes], threads: int) -> None:
    graph, store = Graph(connection, Keyring(keys), BROKER), Store(connection)
    with closing(graph), closing(store), ThreadPoolExecutor(threads) as pool:
        while wanted := _received(pipe):
            work, these = wanted
            pipe.send("ready")
            pipe.recv()
            start = perf_counter()
            for _ in pool.map(partial(work, graph, store), these):
                pass
            pipe.send((start, perf_counter()))


def _received(pipe: Pipe) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return None
