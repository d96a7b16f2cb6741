"""The start page tells what waits, which wall did not hold, and what a restore left open."""

from __future__ import annotations

from datetime import timedelta

from portavoce.audit.auditing import audit_house
from portavoce.audit.isolation import Failure, Found, keep
from portavoce.backups.settling import RESTORED
from portavoce.core.scope import HOUSE, Scope
from portavoce.web.admin import home
from tests.database import NOON
from tests.web.admin.conftest import Added
from tests.web.admin.test_undelivered import dead, dead_house_mail
from tests.web.browsing import Browser, Site

TORN = Found({"pages": 9}, [Failure("pages", "GET /portal/{brand}")])


async def test_a_wall_that_did_not_hold_is_told_to_whoever_administers_the_brand(
    the_site: Site, admin: Browser, sara: Browser, aurora: Added, bosco: Added
) -> None:
    assert "did not hold" not in (await admin.get("/admin")).text
    await the_site.database.run(Scope.writing(bosco.id), lambda db: keep(db, NOON.date(), TORN))
    told = (await admin.get("/admin")).text
    assert "The wall of Bosco did not hold" in told
    assert "The wall of Aurora" not in told
    assert "did not hold" not in (await sara.get("/admin")).text


async def test_a_restore_is_told_to_the_house_for_a_week(
    the_site: Site, admin: Browser, sara: Browser
) -> None:
    assert home.RESTORED == RESTORED
    assert "alert--warn" not in (await admin.get("/admin")).text
    async with the_site.database.begin(HOUSE) as db:
        audit_house(
            db,
            None,
            RESTORED,
            "backup",
            made_at="2026-03-02T11:30:00+00:00",
            deliveries=3,
            mails=0,
            sessions=1,
        )
    told = (await admin.get("/admin")).text
    assert "alert--warn" in told
    assert "12:30" in told, "the backup's time as people here read it"
    assert "3 mess" in told
    assert "alert--warn" not in (await sara.get("/admin")).text
    the_site.database.clock.advance(timedelta(days=8))  # type: ignore[attr-defined]  # -- a stepped clock
    assert await home._restored(the_site.database) is None


async def test_what_was_not_delivered_is_counted_and_of_the_house_only_for_its_administrators(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    for brand in (aurora, aurora, bosco):
        await dead(the_site, brand)
    await dead_house_mail(the_site)
    assert '<a href="/admin/undelivered">2</a>' in (await sara.get("/admin")).text
    assert "/admin/retention" not in (await sara.get("/admin")).text
    page = (await admin.get("/admin")).text
    assert '<a href="/admin/undelivered">' in page
    assert "/admin/retention" in page
