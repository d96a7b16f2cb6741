from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.reporting.contacts import PAGE, Contact, Result, first_of, operator_code, result_of
from portavoce.reporting.errors import NoReport
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Clause, Rule, share_goal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Weekly(dict.fromkeys(range(5), ((540, 1080),)))
HOURS = CalendarHours(datetime(2020, 1, 1, tzinfo=UTC), "Europe/Rome", OFFICE)
CLAUSE = Clause(
    id=UUID(int=2), version=1, lob_id=UUID(int=1), channel="email", metric=Metric.FIRST_RESPONSE, ordinal=1,
    threshold_s=4 * 3600, rule=Rule(goal=share_goal(9000)), calendar_name="Ufficio", calendar=(HOURS,),
)  # fmt: skip


def contact(n: int, since: datetime = NOON, until: datetime | None = None, **changed: Any) -> Contact:
    given = {
        "interaction_id": UUID(int=n), "ticket": n, "at": since, "since": since, "until": until, "due_at": None,
        "result": Result.MET, "lob_id": UUID(int=1), "lob": "Assistenza", "channel": "email", "clause": CLAUSE,
        "brand_agent_id": None, "used_s": 3600,
    }  # fmt: skip
    return Contact(**{**given, **changed})


def test_an_operator_has_one_code_in_a_brand_and_another_in_the_next() -> None:
    codes = {operator_code(UUID(int=brand), UUID(int=9)) for brand in range(5)}
    assert len(codes) == 5
    assert operator_code(UUID(int=1), UUID(int=9)) in codes
    assert all(len(code) == 4 and code.isalnum() and code == code.upper() for code in codes)


def test_waiting_is_what_was_measured_or_open_time_until_now() -> None:
    assert contact(1, until=NOON + HOUR).wait(NOON + 9 * HOUR) == HOUR
    assert contact(1).wait(NOON + 24 * HOUR) == 9 * HOUR
    assert contact(1).wait(NOON - HOUR) == timedelta(0)
    assert contact(1, result=Result.LET_GO).wait(NOON + 24 * HOUR) == HOUR
    assert contact(1, clause=None).wait(NOON) is None


@pytest.mark.parametrize(
    ("state", "due_at", "expected"),
    [
        ("counted", None, Result.NO_CLAUSE),
        ("met", NOON - HOUR, Result.MET),
        ("late", NOON + HOUR, Result.LATE),
        ("let_go", None, Result.LET_GO),
        ("open", None, Result.STOPPED),
        ("open", NOON, Result.RUNNING),
        ("open", NOON - HOUR, Result.LATE),
    ],
)
def test_what_is_open_is_late_from_the_first_moment_past_its_due_instant(
    state: str, due_at: datetime | None, expected: Result
) -> None:
    assert result_of(state, due_at, NOON) is expected


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2), (3 * PAGE, 3)])
def test_there_is_no_page_outside_the_list(total: int, pages: int) -> None:
    assert [first_of(number, total) for number in range(1, pages + 1)] == [PAGE * n for n in range(pages)]
    for number in (0, -1, pages + 1):
        with pytest.raises(NoReport):
            first_of(number, total)
