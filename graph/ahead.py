"""What is made while the database writes: a thread prepares the next, and no more than the next."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same items in their order, each made in a thread of its own while the one before it is used.

    What making one raises is raised where it is awaited. On leaving, the thread is at rest.
    """
    with ThreadPoolExecutor(1) as worker:
        yield _each(worker, items)


def _each(worker: ThreadPoolExecutor, items: Iterator[T]) -> Iterator[T]:
    def one() -> list[T]:
        return list(islice(items, 1))

    coming = worker.submit(one)
    while item := coming.result():
        coming = worker.submit(one)
        yield item[0]
