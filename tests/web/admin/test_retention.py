"""The page of the daily removal: the house's administrators read periods, the last run and the next."""

from __future__ import annotations

from typing import Any

import psycopg

from portavoce.core.scope import HOUSE
from portavoce.privacy.models import RetentionRun
from portavoce.privacy.periods import due_at
from tests.web.browsing import Browser, Site


async def test_it_says_when_the_next_removal_is_and_what_the_last_took(
    the_site: Site, admin: Browser, superuser: psycopg.Connection[Any]
) -> None:
    superuser.execute("DELETE FROM pv.retention_run")
    before = (await admin.get("/admin/retention")).text
    assert "Not yet" in before
    at = the_site.database.clock.now()
    async with the_site.database.begin(HOUSE) as db:
        run = RetentionRun(due_at=due_at(at), started_at=at, removed='{"raw_mail_days": 4321}')
        db.add(run)
    assert "Under way" in (await admin.get("/admin/retention")).text
    async with the_site.database.begin(HOUSE) as db:
        (await db.get_one(RetentionRun, due_at(at))).ended_at = at
    with the_site.counting() as asked:
        page = (await admin.get("/admin/retention")).text
    assert "3 Mar, 04:00" in page
    assert "4,321" in page
    assert len(asked) == 3


async def test_a_brands_administrator_finds_no_such_page(sara: Browser) -> None:
    assert (await sara.get("/admin/retention")).status_code == 404
