"""A final month keeps its number and its figures; a restatement stands beside it, with what it changed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest_asyncio

from portavoce.reporting.issuing import issue_months
from tests.database import NOON
from tests.reporting.reading import MARCH
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import DAY, HOUR, House

END = MARCH.bounds("Europe/Rome")[1]
VERSION = re.compile(r'href="([^"]*)"(?: aria-current="true")?>Version (\d)</a>')


@pytest_asyncio.fixture
async def later(house: House, carla: Visit) -> Visit:
    """March is over and issued."""
    house.clock.move_to(END + DAY)
    assert await issue_months(house.database, house.aurora.id) == 1
    return await sign_in(house.database, carla.client, house.aurora)


async def month(house: House, visit: Visit, query: str = "") -> str:
    return (await visit.get(f"/portal/{house.aurora.slug}/2026-03{query}")).text


async def test_late_facts_change_nothing_of_an_issued_month_until_they_are_issued_themselves(
    house: House, later: Visit
) -> None:
    before = await month(house, later)
    assert "Final, version 1." in before
    assert "60% in time" in before
    await tell(house.database, house.aurora, *[Contact(NOON, NOON + HOUR)] * 5)
    assert await month(house, later) == before
    house.clock.advance(timedelta(minutes=5))
    assert await issue_months(house.database, house.aurora.id) == 1
    after = await month(house, later)
    assert "Final, version 2." in after
    assert "5 contacts more" in after
    assert "60% → 80%" in after
    (newest, _), (oldest, _) = VERSION.findall(after)
    first = await later.get(oldest.replace("&amp;", "&"))
    assert "60% in time" in first.text
    assert "Final, version 1." in first.text
    assert "Final, version 2." in (await later.get(newest.replace("&amp;", "&"))).text


async def test_files_and_lists_of_an_issued_month_are_of_the_issue(house: House, later: Visit) -> None:
    await tell(house.database, house.aurora, *[Contact(NOON, NOON + HOUR)] * 5)
    found = await later.get(f"/portal/{house.aurora.slug}/2026-03/received.csv")
    assert len(found.text.splitlines()) == 1 + 6


async def test_a_state_that_was_never_issued_says_so(house: House, later: Visit) -> None:
    assert "no issued version" in await month(house, later, "?seen=3.1775000000000000")


async def test_before_it_is_final_a_month_has_no_version(house: House, carla: Visit) -> None:
    assert "Version" not in await month(house, carla)
