"""Several brands of one client side by side: each by itself, as its own page says."""

from __future__ import annotations

import re

import pytest

from portavoce.reporting.issuing import issue_months
from tests.minting import Minted, mint_brand
from tests.reporting.reading import MARCH, counting
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import DAY, House

END = MARCH.bounds("Europe/Rome")[1]
ROW = re.compile(r"<tr>\s*<th scope=\"row\">.*?</tr>", re.S)


def rows(page: str) -> dict[str, str]:
    """The text of each brand's row, by its name."""
    found = {}
    for row in ROW.findall(page):
        words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        found[words.split()[1]] = words
    return found


async def both(house: House, carla: Visit) -> Visit:
    return await sign_in(house.database, carla.client, house.aurora, house.bosco)


async def test_each_brand_has_its_own_line_and_nothing_is_added_up(house: House, carla: Visit) -> None:
    visit = await both(house, carla)
    found = rows((await visit.get("/portal")).text)
    assert found.keys() == {"Aurora", "Bosco"}
    assert "6 4 0 of 1 Provisional" in found["Aurora"]
    assert "3 0" in found["Bosco"]
    assert not [row for row in found.values() if "9" in row.split()]


async def test_a_line_opens_to_the_page_that_says_the_same(house: House, carla: Visit) -> None:
    visit = await both(house, carla)
    page = (await visit.get("/portal?month=2026-03")).text
    (href,) = re.findall(rf'href="(/portal/{house.aurora.slug}/2026-03\?seen=[^"]+)"', page)
    opened = await visit.get(href.replace("&amp;", "&"))
    assert opened.status_code == 200
    assert "So far 60% had a first response in time" in opened.text


async def test_an_issued_month_says_its_version_and_a_month_without_facts_says_nothing_else(
    house: House, carla: Visit
) -> None:
    house.clock.move_to(END + DAY)
    await issue_months(house.database, house.aurora.id)
    visit = await both(house, carla)
    found = rows((await visit.get("/portal?month=2026-03")).text)
    assert "Final, version 1" in found["Aurora"]
    assert "version" not in found["Bosco"]
    earlier = rows((await visit.get("/portal?month=2026-01")).text)
    assert all("Nothing of this month." in row for row in earlier.values())


async def test_a_brand_that_is_not_theirs_has_no_line(house: House, carla: Visit) -> None:
    other: Minted = await mint_brand(house.database, "Cedro")
    page = (await (await both(house, carla)).get("/portal")).text
    assert "Cedro" not in page
    assert other.slug not in page


@pytest.mark.parametrize("month", ["2026-13", "march", "2026-3"])
async def test_what_is_no_month_does_not_exist(house: House, carla: Visit, month: str) -> None:
    assert (await (await both(house, carla)).get(f"/portal?month={month}")).status_code == 404


async def test_each_brand_takes_the_same_queries(house: House, carla: Visit) -> None:
    """One for the faces, and each brand's state, issues, month and commitments."""
    visit = await both(house, carla)
    with counting(house.database) as queries:
        await visit.get("/portal")
    assert len(queries) == 1 + 2 * 12
