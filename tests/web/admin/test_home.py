"""The administrator's start page: what a restore left open is said to whoever administers the house."""

from __future__ import annotations

from datetime import timedelta

from portavoce.audit.auditing import audit_house
from portavoce.backups.settling import RESTORED
from portavoce.core.scope import HOUSE
from portavoce.web.admin import home
from tests.web.browsing import Browser, Site


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
