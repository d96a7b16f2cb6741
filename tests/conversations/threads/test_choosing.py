"""Which of two contacts goes on: no running clock is closed away, no promise made later."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.conversations.threads.choosing import Clock, goes_on
from tests.database import NOON

OLD, NEW = UUID(int=1), UUID(int=2)


def at(hours: int | None) -> datetime | None:
    return None if hours is None else NOON + timedelta(hours=hours)


def clock(which: UUID, opened: int, due: int | None, answered: int | None = None) -> Clock:
    return Clock(which, NOON + timedelta(hours=opened), at(due), at(answered))


def test_of_two_without_an_answer_the_one_due_first_goes_on_whichever_came_first() -> None:
    assert goes_on([clock(OLD, 0, 8), clock(NEW, 1, 9)]) == OLD
    assert goes_on([clock(OLD, 0, 24), clock(NEW, 1, 4)]) == NEW
    assert goes_on([clock(OLD, 0, None), clock(NEW, 1, 4)]) == NEW
    assert goes_on([clock(OLD, 0, None), clock(NEW, 1, None)]) == OLD


def test_what_nobody_answered_goes_on_before_what_was_answered() -> None:
    assert goes_on([clock(OLD, 0, 8, answered=1), clock(NEW, 5, 13)]) == NEW
    assert goes_on([clock(OLD, 0, 8, answered=1), clock(NEW, 5, None)]) == NEW
    assert goes_on([clock(OLD, 0, 8, answered=1), clock(NEW, 5, 13, answered=6)]) == OLD


hours = st.none() | st.integers(0, 99)


@given(st.tuples(hours, hours), st.tuples(hours, hours))
def test_who_goes_on_is_due_no_later_than_who_does_not(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> None:
    clocks = [clock(OLD, 0, *one), clock(NEW, 1, *other)]
    kept = next(each for each in clocks if each.id == goes_on(clocks))
    assert goes_on(clocks[::-1]) == kept.id
    for each in clocks:
        if each.answered_at is None:
            assert kept.answered_at is None
            assert each.due_at is None or (kept.due_at is not None and kept.due_at <= each.due_at)
