from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from portavoce.brands.models import LineOfBusiness
from portavoce.core.paths import frontend_dir
from portavoce.core.unit import new_id
from portavoce.reporting.commitments import commitments
from portavoce.reporting.lists import read_latest
from portavoce.reporting.month import MonthReport
from portavoce.web.i18n import load_words
from portavoce.web.portal.sheet import LATE_SHOWN, Sheet, make_sheet, percent
from tests.database import NOON
from tests.reporting.reading import reading, report_in
from tests.reporting.telling import Contact, tell
from tests.web.portal.conftest import DAY, House

WORDS = load_words(frontend_dir() / "locale")


async def sheet_of(house: House, locale: str = "en") -> tuple[MonthReport, Sheet]:
    async with reading(house.database, house.aurora) as db:
        found = await report_in(db, house.aurora)
        late = await read_latest(db, found, "late", LATE_SHOWN)
    return found, make_sheet(found, commitments(found), [], late, WORDS[locale])


async def test_every_count_of_the_sheet_is_that_of_its_part(house: House) -> None:
    found, sheet = await sheet_of(house)
    assert sheet.counts["received"] == 6
    for part in (*sheet.weeks, *sheet.parts):
        assert (part.received, part.answered, part.within, part.decided) == tuple(
            found.count(figure, part.cut) for figure in ("received", "answered", "within", "decided")
        )
    assert sum(week.received for week in sheet.weeks) == sum(part.received for part in sheet.parts) == 6


async def test_late_contacts_are_shown_newest_first(house: House) -> None:
    _, sheet = await sheet_of(house, "en")
    assert [contact.ticket for contact in sheet.late] == [4, 3]


async def test_a_week_without_a_decided_contact_is_a_gap_in_the_line(house: House) -> None:
    _, sheet = await sheet_of(house, "en")
    (line,) = sheet.trend.series
    assert list(line.values) == [None, Decimal(50), Decimal(100), None, None, None]
    assert sheet.trend.labels[:3] == ["1 Mar", "2 Mar", "9 Mar"]
    assert (sheet.trend.low, sheet.trend.target.value if sheet.trend.target else None) == (0, 90)


async def test_several_lines_of_business_take_the_place_of_the_days(house: House) -> None:
    _, by_day = await sheet_of(house, "it")
    assert (by_day.by_lob, by_day.parts[0].label) == (False, "lunedì")
    async with house.database.begin(house.aurora.writing) as db:
        orders = LineOfBusiness(id=new_id(db), name="Customer care", language="it")
        db.add(orders)
    opened = NOON + timedelta(days=1)
    await tell(house.database, house.aurora, *[Contact(opened, opened + DAY, lob_id=orders.id)] * 7)
    _, sheet = await sheet_of(house, "it")
    assert sheet.bars == [("Assistenza clienti", 7, "7"), ("Assistenza", 6, "6")]


def test_a_share_keeps_its_decimals() -> None:
    assert [percent(bp) for bp in (None, 0, 8996, 10_000)] == [None, 0, Decimal("89.96"), 100]
