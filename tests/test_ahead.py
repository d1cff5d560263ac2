"""What is made ahead: in order, one at a time, no more than the next, and at rest afterwards."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest

from graph.ahead import ahead


def test_all_come_in_their_order():
    with ahead(iter(range(100))) as coming:
        assert list(coming) == list(range(100))


def test_nothing_comes_of_nothing():
    with ahead(iter(())) as coming:
        assert list(coming) == []


def test_what_is_false_is_an_item_like_others():
    with ahead(iter([None, 0, []])) as coming:
        assert list(coming) == [None, 0, []]


def test_the_next_is_made_while_one_is_used_and_no_more():
    made: list[int] = []
    second = threading.Event()

    def making() -> Iterator[int]:
        for number in count():
            made.append(number)
            if number == 1:
                second.set()
            yield number

    with ahead(making()) as coming:
        assert next(coming) == 0
        # Without a thread it would never be made while the first is used.
        assert second.wait(10)
        assert made == [0, 1]
    assert made == [0, 1]


def test_what_making_raises_is_raised_where_it_is_awaited():
    def making() -> Iterator[int]:
        yield 1
        raise LookupError("the second")

    with ahead(making()) as coming:
        assert next(coming) == 1
        with pytest.raises(LookupError, match="the second"):
            next(coming)


def test_the_thread_is_at_rest_when_its_user_fails():
    before = threading.active_count()
    with suppress(ZeroDivisionError), ahead(count()) as coming:
        for number in coming:
            assert 1 // (1 - number)
    assert threading.active_count() == before
