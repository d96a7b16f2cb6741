from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec import structs

from portavoce.calendars.hours import Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.reporting.contacts import PAGE, SORTS, Contact, operator_code, ordered, page_of
from portavoce.reporting.errors import NoReport
from portavoce.reporting.terms import Promise
from portavoce.sla.first_response import State

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Weekly(dict.fromkeys(range(5), ((540, 1080),)))
HOURS = CalendarHours(datetime(2020, 1, 1, tzinfo=UTC), "Europe/Rome", OFFICE)
PROMISE = Promise(
    lob_id=UUID(int=1), channel="email", target=4 * HOUR, calendar=(HOURS,), id=UUID(int=2), version=1,
    share_bp=9000, calendar_name="Ufficio",
)  # fmt: skip


def contact(n: int, opened: datetime = NOON, answered: datetime | None = None, **changed: object) -> Contact:
    given = {
        "interaction_id": UUID(int=n), "ticket": n, "opened_at": opened, "week": opened.date(), "weekday": 0, "answered_at": answered, "due_at": None,
        "state": State.MET, "lob_id": UUID(int=1), "lob": "Assistenza", "channel": "email", "promise": PROMISE,
        "brand_agent_id": None,
    }  # fmt: skip
    return Contact(**{**given, **changed})  # type: ignore[arg-type]  # -- names and types are those above


def test_an_operator_has_one_code_in_a_brand_and_another_in_the_next() -> None:
    codes = {operator_code(UUID(int=brand), UUID(int=9)) for brand in range(5)}
    assert len(codes) == 5
    assert operator_code(UUID(int=1), UUID(int=9)) in codes
    assert all(len(code) == 4 and code.isalnum() and code == code.upper() for code in codes)


@pytest.mark.parametrize(
    ("answered", "as_of", "wait"),
    [
        (NOON + 2 * HOUR, NOON + 9 * HOUR, 2 * HOUR),
        (None, NOON + 3 * HOUR, 3 * HOUR),
        (NOON + 24 * HOUR, NOON + 25 * HOUR, 9 * HOUR),
        (NOON - HOUR, NOON, timedelta(0)),
        (None, NOON - HOUR, timedelta(0)),
    ],
)
def test_waiting_is_counted_in_open_time_until_the_answer_or_until_now(
    answered: datetime | None, as_of: datetime, wait: timedelta
) -> None:
    assert contact(1, answered=answered).wait(as_of) == wait


def test_without_a_promise_or_a_calendar_nothing_measures_the_waiting() -> None:
    assert contact(1, promise=None).wait(NOON) is None
    before = datetime(2019, 1, 1, tzinfo=UTC)
    assert contact(1, opened=before, answered=before + HOUR).wait(NOON) is None
    assert contact(1, opened=before).wait(HOURS.valid_from + HOUR) == timedelta(0)


def test_waiting_is_measured_in_the_hours_published_until_it_ended() -> None:
    closed = CalendarHours(NOON + HOUR, "Europe/Rome", OFFICE, {NOON.date(): ()}, NOON + HOUR)
    promise = Promise(**{**structs.asdict(PROMISE), "calendar": (HOURS, closed)})
    assert contact(1, promise=promise).wait(NOON + 3 * HOUR) == HOUR
    assert contact(1, promise=promise, answered=NOON + HOUR).wait(NOON + 3 * HOUR) == HOUR


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_every_order_keeps_every_contact(sort: str) -> None:
    contacts = [contact(n, NOON + n * HOUR, None if n % 2 else NOON + (9 - n) * HOUR) for n in range(6)]
    assert sorted(each.ticket or 0 for each in ordered(contacts, sort, NOON + 9 * HOUR)) == list(range(6))


def test_what_is_missing_comes_last_in_both_directions() -> None:
    contacts = [contact(1), contact(2, answered=NOON + HOUR), contact(3, answered=NOON)]
    assert [each.ticket for each in ordered(contacts, "answered", NOON)] == [3, 2, 1]
    assert [each.ticket for each in ordered(contacts, "-answered", NOON)] == [2, 3, 1]


@pytest.mark.parametrize("sort", ["", "-", "name", "--opened", "opened;"])
def test_an_unknown_order_is_no_page(sort: str) -> None:
    with pytest.raises(NoReport):
        ordered([], sort, NOON)


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2), (3 * PAGE, 3)])
def test_pages_hold_each_contact_once(total: int, pages: int) -> None:
    contacts = [contact(n) for n in range(total)]
    found = [page_of(contacts, number) for number in range(1, pages + 1)]
    assert [each for page in found for each in page.contacts] == contacts
    assert [page.is_last for page in found] == [False] * (pages - 1) + [True]
    assert (found[-1].last, found[0].first) == (total, min(1, total))
    for number in (0, -1, pages + 1):
        with pytest.raises(NoReport):
            page_of(contacts, number)
