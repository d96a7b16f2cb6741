"""When a visit was, by the clock of a tablet that may be ahead or have been offline."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.conversations.visits.errors import BadVisit
from portavoce.conversations.visits.telling import AHEAD, OLDEST, Told, check, moment_of
from tests.database import NOON

NOBODY = UUID(int=0)


def told(after: timedelta | None) -> Told:
    at = None if after is None else NOON + after
    return Told(shop_id=NOBODY, form_key=NOBODY, visitor="unnamed", note="x", outcome="x", occurred_at=at)


@pytest.mark.parametrize(
    ("after", "was"),
    [
        (None, timedelta(0)),
        (timedelta(0), timedelta(0)),
        (AHEAD, timedelta(0)),
        (timedelta(seconds=-1), timedelta(seconds=-1)),
        (-OLDEST, -OLDEST),
    ],
)
def test_a_moment_is_kept_and_never_lies_ahead(after: timedelta | None, was: timedelta) -> None:
    assert moment_of(told(after), NOON) == NOON + was


@pytest.mark.parametrize("after", [AHEAD + timedelta(seconds=1), -OLDEST - timedelta(seconds=1)])
def test_what_is_to_come_or_long_ago_is_refused(after: timedelta) -> None:
    with pytest.raises(BadVisit):
        moment_of(told(after), NOON)


def test_every_mistake_is_said_at_once() -> None:
    wrong = Told(
        shop_id=NOBODY, form_key=NOBODY, visitor="unnamed", note=" ", outcome="", consent=True, by_mail=True,
        promised="promise",
    )  # fmt: skip
    with pytest.raises(BadVisit) as refused:
        check(wrong)
    assert set(refused.value.fields) == {"note", "consent", "by_mail", "promised"}
