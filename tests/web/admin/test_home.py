"""The start page tells what waits, and which wall did not hold."""

from __future__ import annotations

from portavoce.audit.isolation import Failure, Found, keep
from portavoce.core.scope import Scope
from tests.database import NOON
from tests.web.admin.conftest import Added
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
