"""The administrator's start counts what waits for a person, each of her own brands only."""

from __future__ import annotations

from tests.web.admin.conftest import Added
from tests.web.admin.test_undelivered import dead, dead_house_mail
from tests.web.browsing import Browser, Site


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
