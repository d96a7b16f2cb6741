from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from portavoce.brands.models import LineOfBusiness
from portavoce.core.paths import frontend_dir
from portavoce.core.unit import new_id
from portavoce.web.i18n import load_words
from portavoce.web.portal.sheet import make_sheet, percent
from tests.database import NOON
from tests.reporting.reading import report
from tests.reporting.telling import Contact, tell
from tests.web.portal.conftest import DAY, House

WORDS = load_words(frontend_dir() / "locale")


async def test_every_count_of_the_sheet_is_the_length_of_its_cell(house: House) -> None:
    found = await report(house.database, house.aurora)
    sheet = make_sheet(found, WORDS["en"])
    assert sheet.counts["received"] == 6
    for part in (*sheet.weeks, *sheet.parts):
        assert (part.received, part.answered, part.within, part.decided) == tuple(
            len(found.cell(figure, part.cut)) for figure in ("received", "answered", "within", "decided")
        )
    assert sum(week.received for week in sheet.weeks) == sum(part.received for part in sheet.parts) == 6


async def test_late_contacts_are_shown_newest_first(house: House) -> None:
    sheet = make_sheet(await report(house.database, house.aurora), WORDS["en"])
    assert [contact.ticket for contact in sheet.late] == [4, 3]


async def test_a_week_without_a_decided_contact_is_a_gap_in_the_line(house: House) -> None:
    sheet = make_sheet(await report(house.database, house.aurora), WORDS["en"])
    (line,) = sheet.trend.series
    assert list(line.values) == [None, Decimal(50), Decimal(100), None, None, None]
    assert sheet.trend.labels[:3] == ["1 Mar", "2 Mar", "9 Mar"]
    assert (sheet.trend.low, sheet.trend.target.value if sheet.trend.target else None) == (0, 90)


async def test_several_lines_of_business_take_the_place_of_the_days(house: House) -> None:
    by_day = make_sheet(await report(house.database, house.aurora), WORDS["it"])
    assert (by_day.by_lob, by_day.parts[0].label) == (False, "lunedì")
    async with house.database.begin(house.aurora.writing) as db:
        orders = LineOfBusiness(id=new_id(db), name="Customer care", language="it")
        db.add(orders)
    opened = NOON + timedelta(days=1)
    await tell(house.database, house.aurora, *[Contact(opened, opened + DAY, lob_id=orders.id)] * 7)
    sheet = make_sheet(await report(house.database, house.aurora), WORDS["it"])
    assert sheet.bars == [("Assistenza clienti", 7, "7"), ("Assistenza", 6, "6")]


def test_a_share_keeps_its_decimals() -> None:
    assert [percent(bp) for bp in (None, 0, 8996, 10_000)] == [None, 0, Decimal("89.96"), 100]
