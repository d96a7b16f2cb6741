"""Roles of one person: given at brands one administers, taken from whom has them."""

from __future__ import annotations

import re

from sqlalchemy import select

from portavoce.agents.models import BrandAgent
from portavoce.core.scope import HOUSE, Scope
from portavoce.identity.granting import grants_of
from portavoce.identity.models import AccessGrant, Person
from tests.web.admin.conftest import Added, add
from tests.web.admin.test_people import find, form
from tests.web.browsing import Browser, Site


async def test_a_client_company_person_gets_roles_of_that_company_only(
    the_site: Site, admin: Browser, aurora: Added, bosco: Added
) -> None:
    carla = form(role="client_viewer", client_id=str(aurora.client_id), brands=[str(aurora.id)])
    assert (await admin.fill("/admin/people/new", carla, to="/admin/people")).status_code == 303
    person = await find(the_site, carla["email"])
    assert person is not None
    here = f"/admin/people/{person.id}"
    foreign = await admin.fill(here, {"role": "client_viewer", "brand": str(bosco.id)}, to=f"{here}/roles")
    higher = await admin.post(f"{here}/roles", {"role": "admin", "brand": str(aurora.id)})
    assert (foreign.status_code, higher.status_code) == (422, 422)
    async with the_site.database.begin(HOUSE) as db:
        granted = {(each.brand_id, each.role) for each in await grants_of(db, [person.id])}
    assert granted == {(aurora.id, "client_viewer")}


async def test_a_role_is_given_and_taken_and_the_alias_goes_with_it(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    anna = await the_site.person()
    here = f"/admin/people/{anna.id}"
    assert (
        await admin.fill(here, {"role": "agent", "brand": str(aurora.id)}, to=f"{here}/roles")
    ).status_code == 303
    page = await admin.get(here)
    (action,) = re.findall(rf'action="({here}/roles/[^"]+/revocation)"', page.text)
    assert (await admin.post(action)).status_code == 303
    async with the_site.database.begin(Scope.reading({aurora.id})) as db:
        assert await grants_of(db, [anna.id]) == []
        active = (await db.scalars(select(BrandAgent.active).order_by(BrandAgent.id.desc()))).first()
    assert active is False


async def test_a_grant_is_taken_only_from_the_person_who_has_it(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    anna, bruno = await the_site.person("agent", brand=aurora.id), await the_site.person()
    async with the_site.database.begin(HOUSE) as db:
        grant_id = await db.scalar(select(AccessGrant.id).where(AccessGrant.person_id == anna.id))
    await admin.get("/admin/people")
    answer = await admin.post(f"/admin/people/{bruno.id}/roles/{grant_id}/revocation")
    assert answer.status_code == 404
    async with the_site.database.begin(HOUSE) as db:
        assert len(await grants_of(db, [anna.id])) == 1


async def test_a_role_at_a_brand_of_others_is_neither_named_nor_taken(the_site: Site, admin: Browser) -> None:
    other = await the_site.person("admin", name="Dino Fabbri")
    hidden = await add(the_site, "Celata", other.id)
    anna = await the_site.person("agent", brand=hidden.id)
    async with the_site.database.begin(HOUSE) as db:
        grant_id = await db.scalar(select(AccessGrant.id).where(AccessGrant.person_id == anna.id))
    page = await admin.get(f"/admin/people/{anna.id}")
    assert page.status_code == 200
    assert "Celata" not in page.text
    assert (await admin.post(f"/admin/people/{anna.id}/roles/{grant_id}/revocation")).status_code == 404


async def test_nobody_locks_themselves_out(the_site: Site, admin: Browser, elena: Person) -> None:
    page = await admin.get(f"/admin/people/{elena.id}")
    (action,) = re.findall(r'action="(/admin/people/[^"]+/revocation)"', page.text)
    assert (await admin.post(action)).status_code == 409
    assert (await admin.post(f"/admin/people/{elena.id}/disablement")).status_code == 409
    assert (await admin.get("/admin/people")).status_code == 200
