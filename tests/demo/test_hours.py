"""The demo's calendars: holidays where they are kept, a saint from a week on, and a change to come."""

from __future__ import annotations

from datetime import date

from portavoce.calendars.documents import Exceptional
from portavoce.calendars.queries import Version, versions_of_brand
from portavoce.core.scope import Scope
from portavoce.demo import cast
from tests.demo.conftest import END, Simulated


async def calendar_of(demo: Simulated, slug: str) -> list[Version]:
    brand_id = demo.founded.brands[slug]
    async with demo.database.begin(Scope.reading([brand_id])) as db:
        [versions] = (await versions_of_brand(db)).values()
    return versions


async def test_a_patron_saint_is_published_for_a_week_later_and_the_eves_for_tomorrow(
    demo: Simulated,
) -> None:
    first, eves, patron = await calendar_of(demo, cast.TEAMS[0].slug)
    assert date(2026, 4, 6) in first.document.days
    assert date(2026, 6, 24) not in first.document.days
    assert date(2026, 6, 24) in patron.document.days
    assert patron.document.patrons[0].name == "San Giovanni"
    assert eves.published_at is not None
    assert eves.published_at <= END < eves.valid_from
    assert eves.document.exceptions == (
        Exceptional(date(2026, 12, 24), ((480, 780),), "Vigilia di Natale"),
        Exceptional(date(2026, 12, 31), ((480, 780),), "San Silvestro"),
    )
    assert demo.rows("SELECT name FROM pv.person WHERE id = ANY (SELECT published_by FROM pv.calendar_version)")  # fmt: skip


async def test_who_is_there_every_day_keeps_no_holidays_and_a_province_keeps_its_own(demo: Simulated) -> None:
    assert [version.document.days for version in await calendar_of(demo, "lumi")] == [{}]
    [velia] = await calendar_of(demo, "velia")
    assert date(2026, 12, 7) in velia.document.days
