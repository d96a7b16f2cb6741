"""What authorities ask for: the page and both files say the same, at one state of the ledger."""

from __future__ import annotations

import csv
import io
import re
from zipfile import ZipFile

import pytest
import pytest_asyncio

from portavoce.brands.limits import set_limit
from portavoce.reporting.open_service.switching import switch_on
from tests.database import NOON
from tests.reporting.promising import promise
from tests.reporting.reading import counting
from tests.reporting.regulator.making import clause
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit, sign_in
from tests.web.portal.conftest import DAY, House

REGIME, PERIOD = "AGCOM_255_24", "2026-H1"


def here(house: House, rest: str = f"?regime={REGIME}") -> str:
    return f"/portal/{house.aurora.slug}/regulator{rest}"


def file(house: House, suffix: str, more: str = "") -> str:
    return here(house, f"/{REGIME}/{PERIOD}/indicators.{suffix}{more}")


@pytest_asyncio.fixture
async def solved(house: House) -> House:
    """Aurora promises 30 days for a solution: two of three are in time."""
    own = clause()
    await promise(
        house.database, house.aurora, own.metric, own.rule, within_s=own.threshold_s, ordinal=2, always=True
    )
    house.clock.move_to(NOON + 60 * DAY)
    for number, days in enumerate((3, 4, 40)):
        opened = NOON + (8 + number) * DAY
        await tell(house.database, house.aurora, Contact(opened, closed=opened + days * DAY))
    return house


def records(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_without_a_regime_there_is_a_choice(house: House, carla: Visit) -> None:
    page = await carla.get(here(house, ""))
    assert page.status_code == 200
    assert page.text.count("?regime=") == 3
    assert "Choose the regime" in page.text
    assert "indicators.csv" not in page.text


async def test_the_page_shows_each_indicator_with_what_it_is_made_of(solved: House, carla: Visit) -> None:
    page = (await carla.get(here(solved))).text
    assert page.count("Not measured") == 2
    assert "the formula stands in an annex" in page.lower()
    assert "Contacts solved within 30 days, divided by contacts decided. AGCOM 255/24/CONS" in page
    assert re.search(r'data-l="Numerator" class="num">2<', page)
    assert re.search(r'data-l="Denominator" class="num">3<', page)
    assert "66.67 %" in page
    assert "Provisional" in page
    assert solved.bosco.slug not in page


async def test_the_files_say_what_the_page_says(solved: House, carla: Visit) -> None:
    page = (await carla.get(here(solved))).text
    linked = re.search(r'href="([^"]+indicators.csv\?seen=[^"]+)"', page)
    assert linked is not None
    first, second, complaints = records((await carla.get(linked[1])).text)
    for call in (first, second):
        assert (call["Numerator"], call["Denominator"], call["Figure"]) == ("", "", "")
        assert (call["Result"], call["Target met"]) == ("Not measured", "")
    assert (complaints["Numerator"], complaints["Denominator"]) == ("2", "3")
    assert (complaints["Figure"], complaints["Target"], complaints["Unit"]) == ("66.67", "100", "%")
    assert (complaints["Result"], complaints["Target met"]) == ("Provisional", "no")
    assert (complaints["Months counted"], complaints["Months"]) == ("3", "6")
    assert f"{complaints['Hash']}</code>" in page
    assert complaints["Source"] == "AGCOM 255/24/CONS"
    book = await carla.get(linked[1].replace(".csv", ".xlsx"))
    with ZipFile(io.BytesIO(book.content)) as opened:
        sheet, texts = (
            opened.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings")
        )
    assert "<v>66.67</v>" in sheet
    assert f"<t>{complaints['Hash']}</t>" in texts
    assert "<f>" not in sheet


async def test_files_of_a_state_that_was_seen_do_not_change(solved: House, carla: Visit) -> None:
    page = (await carla.get(here(solved))).text
    seen = re.search(r"seen=([\d.]+)", page)
    assert seen is not None
    before = [(await carla.get(file(solved, kind, f"?seen={seen[1]}"))).content for kind in ("csv", "xlsx")]
    await tell(solved.database, solved.aurora, Contact(NOON + 20 * DAY, closed=NOON + 21 * DAY))
    after = [(await carla.get(file(solved, kind, f"?seen={seen[1]}"))).content for kind in ("csv", "xlsx")]
    assert after == before
    assert (await carla.get(file(solved, "csv"))).content != before[0]


async def test_an_italian_spreadsheet_reads_it(solved: House, carla: Visit) -> None:
    text = (await carla.get(file(solved, "csv"), locale="it")).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[-1]["Cifra"] == "66,67"
    assert rows[-1]["Unità"] == "%"


@pytest.mark.parametrize(
    "rest",
    [
        "?regime=NOBODY",
        "?regime=AGCOM_255_24&term=2026",
        "?regime=AGCOM_255_24&term=2025-H2",
        "?regime=AGCOM_255_24&term=2026-H2",
        "?regime=ES_10_2025&term=2026-H1",
        "/AGCOM_255_24/2025-H2/indicators.csv",
        "/NOBODY/2026-H1/indicators.xlsx",
    ],
)
async def test_no_other_regime_or_period_exists(house: House, carla: Visit, rest: str) -> None:
    assert (await carla.get(here(house, rest))).status_code == 404


async def test_nobody_elses_figures_can_be_read(house: House, carla: Visit) -> None:
    for address in (here(house), file(house, "csv"), file(house, "xlsx")):
        other = address.replace(house.aurora.slug, house.bosco.slug)
        assert (await carla.get(other)).status_code == 404


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
async def test_each_file_counts_as_an_export(house: House, carla: Visit, suffix: str) -> None:
    async with house.database.begin(house.aurora.writing) as db:
        await set_limit(db, "exports_hour", 1, by="admin")
    answers = [await carla.get(file(house, suffix)) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]


async def test_a_year_of_months_is_read_in_few_queries(house: House, carla: Visit) -> None:
    await carla.get(here(house))
    with counting(house.database) as seen:
        await carla.get(here(house, "?regime=ARERA_TIQV_2026"))
    assert len(seen) == 4 + 8 + 1


async def test_a_viewer_sees_whether_the_page_for_everybody_is_on_and_only_an_approver_switches(
    house: House, carla: Visit
) -> None:
    approver = await sign_in(house.database, carla.client, house.aurora, role="client_approver")
    off = [(await visit.get(here(house, ""))).text for visit in (carla, approver)]
    assert ["Switch the page on" in each for each in off] == [False, True]
    page = await house.database.run(house.aurora.writing, switch_on)
    for visit in (carla, approver):
        assert f"/open/service/{page.token}" in (await visit.get(here(house, ""))).text
