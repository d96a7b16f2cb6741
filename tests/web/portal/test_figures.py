from __future__ import annotations

import re

import pytest

from portavoce.brands.limits import set_limit
from portavoce.reporting.contacts import PAGE
from portavoce.reporting.month import FIGURES
from tests.database import NOON
from tests.reporting.reading import counting
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import HOUR, House

ROW = re.compile(r'<th scope="row" class="nowrap"><a class="link" href="[^"]*/contacts/([0-9a-f-]{36})\?')


def listed(page: str) -> list[str]:
    return ROW.findall(page)


def exported(content: bytes) -> list[str]:
    """Identifiers, the last column, in the order of the file."""
    return [line.rsplit(",", 1)[1] for line in content.decode("utf-8-sig").splitlines()[1:]]


@pytest.mark.parametrize(
    ("figure", "count"),
    list(zip(FIGURES, (6, 4, 3, 2, 5, 0, 1), strict=True)),
)
async def test_a_figure_lists_its_contacts(house: House, carla: Visit, figure: str, count: int) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/{figure}")
    assert (found.status_code, len(listed(found.text))) == (200, count)
    assert f": {count}</h1>" in found.text


@pytest.mark.parametrize("sort", ["opened", "-opened", "wait", "-wait", "-answered", "due", "ticket", "lob"])
async def test_the_file_has_the_rows_of_the_list_in_its_order(house: House, carla: Visit, sort: str) -> None:
    url = f"/portal/{house.aurora.slug}/2026-03/received"
    page = await carla.get(f"{url}?sort={sort}")
    file = await carla.get(f"{url}.csv?sort={sort}")
    assert listed(page.text) == exported(file.content)
    assert len(listed(page.text)) == 6


async def test_a_list_goes_on_over_pages_and_its_file_is_whole(house: House, carla: Visit) -> None:
    await tell(house.database, house.aurora, *[Contact(NOON + HOUR)] * PAGE)
    url = f"/portal/{house.aurora.slug}/2026-03/received"
    first, second = await carla.get(url), await carla.get(f"{url}?page=2")
    assert (len(listed(first.text)), len(listed(second.text))) == (PAGE, 6)
    assert "51 to 56 of 56" in second.text
    assert 'rel="next"' in first.text
    assert 'rel="prev"' in second.text
    assert listed(first.text) + listed(second.text) == exported((await carla.get(f"{url}.csv")).content)


async def test_the_file_is_named_and_never_shown_in_the_browser(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/late.csv")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    named = f'attachment; filename="{house.aurora.slug}-2026-03-late.csv"'
    assert found.headers["content-disposition"] == named
    assert found.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "rest",
    [
        "unknown",
        "share_bp",
        "received.csv.csv",
        "received.xlsx",
        ".csv",
        "received?page=0",
        "received?page=2",
        "received?page=x",
        "received?page=99999999999999999999",
        "received?sort=name",
        "received?week=2026-03-03",
        "received?week=x",
        "received?weekday=7",
        "received?weekday=-1",
        "received?lob=x",
        "received?lob=00000000-0000-0000-0000-000000000001",
        "received?clause=00000000-0000-0000-0000-000000000001",
        "received.csv?clause=00000000-0000-0000-0000-000000000001",
        "received?seen=x",
        "received?seen=0",
        "received?seen=999.1",
        "received?seen=1.99999999999999999",
        "received?seen=-1.1",
        "received?seen=1.1.1",
    ],
)
async def test_what_is_no_figure_part_order_page_or_state_does_not_exist(
    house: House, carla: Visit, rest: str
) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-03/{rest}")).status_code == 404


async def test_a_cut_is_said_in_words_and_leads_back_to_the_whole(house: House, carla: Visit) -> None:
    url = f"/portal/{house.aurora.slug}/2026-03/received?week=2026-03-09&weekday=0&lob={house.aurora.lob_id}"
    found = await carla.get(url)
    assert len(listed(found.text)) == 2
    for words in ("Week from 9 Mar", "Monday", "Assistenza", "Whole month"):
        assert words in found.text


async def test_an_earlier_state_of_the_ledger_is_listed_as_it_was(house: House, carla: Visit) -> None:
    microseconds = int(NOON.timestamp() * 1_000_000)
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/received?seen=3.{microseconds}")
    assert len(listed(found.text)) == 1
    assert "As of 2 Mar, 13:00." in found.text
    assert "Ledger up to fact 3, hash" in found.text


@pytest.mark.parametrize("more", [1, 3])
async def test_a_list_takes_fifteen_queries_however_long_it_is(house: House, carla: Visit, more: int) -> None:
    await tell(house.database, house.aurora, *[Contact(NOON)] * more)
    with counting(house.database) as queries:
        await carla.get(f"/portal/{house.aurora.slug}/2026-03/received")
    assert len(queries) == 15


async def test_beyond_its_exports_an_hour_a_brand_is_told_when_to_come_again_and_reads_on(
    house: House, carla: Visit
) -> None:
    async with house.database.begin(house.aurora.writing) as db:
        await set_limit(db, "exports_hour", 2, by="admin")
    url = f"/portal/{house.aurora.slug}/2026-03/late"
    answers = [await carla.get(f"{url}.csv") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert (await carla.get(url)).status_code == 200


async def test_a_day_opens_to_its_quarters_and_each_of_them_to_its_contacts(
    house: House, carla: Visit
) -> None:
    """Two contacts were opened on 9 March at 13:00 in Rome."""
    url = f"/portal/{house.aurora.slug}/2026-03/received"
    page = (await carla.get(f"{url}?day=2026-03-09")).text
    assert len(listed(page)) == 2
    ((quarter, count),) = re.findall(r'class="chip" href="([^"]*quarter=[^"]*)">13:00 <b>(\d+)</b>', page)
    found = await carla.get(quarter.replace("&amp;", "&"))
    assert (len(listed(found.text)), count) == (2, "2")
    assert "09.03. 13:00–13:15" in found.text
    empty = await carla.get(f"{url}?quarter=2026-03-09T12:15Z")
    assert (empty.status_code, listed(empty.text)) == (200, [])


@pytest.mark.parametrize(
    "cut",
    [
        "day=2026-02-28", "day=x", "quarter=x", "quarter=2026-03-09T12:15", "quarter=2026-03-09T12:10Z",
        "quarter=2026-02-09T12:15Z", "quarter=2026-03-31T22:00Z",
    ],
)  # fmt: skip
async def test_a_day_or_quarter_outside_the_month_or_beside_the_grid_does_not_exist(
    house: House, carla: Visit, cut: str
) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-03/received?{cut}")).status_code == 404
