"""Lists ask the database as often for three rows as for one."""

from __future__ import annotations

from portavoce.identity.models import Person
from tests.web.admin.conftest import Added, add
from tests.web.browsing import Browser, Site


async def test_the_list_of_brands_asks_as_much_for_three_as_for_one(
    the_site: Site, admin: Browser, aurora: Added, elena: Person
) -> None:
    with the_site.counting() as one:
        await admin.get("/admin/brands")
    for name in ("Bosco", "Cima"):
        await add(the_site, name, elena.id)
    with the_site.counting() as three:
        await admin.get("/admin/brands")
    assert len(one) == len(three) == 5


async def test_the_list_of_people_asks_as_much_for_three_as_for_one(the_site: Site, admin: Browser) -> None:
    await the_site.person("admin")
    with the_site.counting() as one:
        await admin.get("/admin/people")
    for _ in range(2):
        await the_site.person("admin")
    with the_site.counting() as three:
        await admin.get("/admin/people")
    assert len(one) == len(three) == 4
