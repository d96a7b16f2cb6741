"""When and how a customer wishes to be reached, on the clock of the brand, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.customers.attributes import MOMENTS
from portavoce.customers.editing import edit
from portavoce.customers.errors import NoCustomer
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge
from portavoce.customers.reaching import HOURS, next_reach, preferred_at
from tests.conversations.recognising.strangers import known
from tests.floor import Floor

ROME = ZoneInfo("Europe/Rome")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


def test_every_moment_that_can_be_preferred_has_its_hours() -> None:
    assert {"", *HOURS} == set(MOMENTS)


@pytest.mark.parametrize(
    ("now", "moment", "then"),
    [
        ("2026-11-26T08:59:59", "morning", "2026-11-26T09:00"),
        ("2026-11-26T09:00", "morning", "2026-11-26T09:00"),
        ("2026-11-26T11:59:59", "morning", "2026-11-26T11:59:59"),
        ("2026-11-26T12:00", "morning", "2026-11-27T09:00"),
        ("2026-11-26T22:30", "evening", "2026-11-27T18:00"),
        ("2026-12-31T23:00", "midday", "2027-01-01T12:00"),
        ("2026-03-28T13:00", "morning", "2026-03-29T09:00"),
        ("2026-10-24T13:00", "morning", "2026-10-25T09:00"),
        ("2026-11-26T03:00", "", "2026-11-26T03:00"),
    ],
)
def test_it_is_now_or_when_the_hours_begin_next(now: str, moment: str, then: str) -> None:
    assert preferred_at(at(now), "Europe/Rome", moment) == at(then)


@given(
    st.integers(0, 3 * 366 * 86_400).map(lambda seconds: at("2025-01-01") + timedelta(seconds=seconds)),
    st.sampled_from(sorted(HOURS)),
)
def test_it_is_never_past_within_the_hours_and_at_most_a_day_and_an_hour_away(
    now: datetime, moment: str
) -> None:
    found = preferred_at(now, "Europe/Rome", moment)
    first, past = HOURS[moment]
    assert now <= found <= now + timedelta(hours=25)
    assert first <= found.astimezone(ROME).hour < past


async def wishes(floor: Floor, **values: str) -> object:
    gina, _ = await known(floor)
    await floor.do(add_identity, gina, "phone", "+393385550142", by=floor.anna)
    await floor.do(edit, gina, values, version=1, by=floor.anna)
    return gina


@pytest.mark.parametrize(
    ("values", "channel"),
    [
        ({}, "email"),
        ({"preferred_channel": "phone"}, "phone"),
        ({"preferred_channel": "whatsapp"}, "email"),
        ({"preferred_channel": "phone", "needs": "no_calls"}, "email"),
    ],
)
async def test_by_the_channel_that_is_preferred_where_it_is_known_and_never_called_against_a_need(
    floor: Floor, values: dict[str, str], channel: str
) -> None:
    gina = await wishes(floor, **values)
    assert (await floor.do(next_reach, gina)).channel == channel


async def test_at_the_preferred_moment_and_without_one_not_at_night(floor: Floor) -> None:
    gina = await wishes(floor, preferred_moment="evening")
    ida, _ = await known(floor, "ida@studio.example")
    floor.clock.move_to(at("2026-11-26T03:00"))
    assert (await floor.do(next_reach, gina)).at == at("2026-11-26T18:00")
    assert (await floor.do(next_reach, ida)).at == at("2026-11-26T09:00")
    floor.clock.move_to(at("2026-11-26T16:30"))
    assert (await floor.do(next_reach, ida)).at == floor.clock.now()


@pytest.mark.deep
async def test_of_one_who_was_merged_the_survivors_and_of_nobody_elses(floor: Floor) -> None:
    gina = await wishes(floor, preferred_channel="phone")
    old = await floor.do(find_or_create, "email", "vecchia@studio.example", "Gina", "it")
    await floor.do(merge, gina, old.id, by=floor.anna)
    assert (await floor.do(next_reach, old.id)).channel == "phone"
    theirs, _ = await known(floor, at=floor.world.bosco)
    for other in (theirs, uuid4()):
        with pytest.raises(NoCustomer):
            await floor.do(next_reach, other)
