"""SEC-27: rights grow only by the hand of whoever may give them, and each attempt is on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from portavoce.identity.models import Person
from tests.versions import changed, versions
from tests.web.admin.conftest import Added, add
from tests.web.admin.test_people import form
from tests.web.browsing import Browser, Site


def refusals(superuser: psycopg.Connection[Any], person_id: UUID) -> list[tuple[str, str]]:
    query = "SELECT action, reason FROM pv.denial WHERE person_id = %s ORDER BY id"
    return [(str(action), str(reason)) for action, reason in superuser.execute(query, [person_id]).fetchall()]


def written(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    """Tables with other rows than before, without what signing in leaves."""
    return [name for name in changed(before, after) if name not in ("throttle", "session", "house_audit")]


@pytest.mark.parametrize("role", ["admin", "supervisor", "agent"])
async def test_an_administrator_of_one_brand_makes_nobody_anything(
    the_site: Site, browser: Browser, aurora: Added, superuser: psycopg.Connection[Any], role: str
) -> None:
    """Neither an administrator of the house nor anybody at another brand; nor does a supervisor or an agent."""
    sara = await the_site.person(role, brand=aurora.id, name="Sara Longo")
    await browser.sign_in(sara.email)
    await browser.get("/preferences")
    here = f"/admin/people/{sara.id}"
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("/admin/people", form(role="admin", brands=[])),
        ("/admin/people", form(role="admin", brands=[str(aurora.id)])),
        (f"{here}/roles", {"role": "admin", "brand": str(aurora.id)}),
        (f"{here}/roles", {"role": "admin", "brand": str(uuid4())}),
        (f"{here}/roles", {"role": "admin", "brand": ""}),
        (f"{here}/address", {"email": "other@voxa.example"}),
        (f"{here}/invitation", {}),
        (f"/admin/people/{uuid4()}/disablement", {}),
        ("/admin/clients", {"name": "Mine", "legal_name": "Mine S.p.A."}),
        ("/admin/brands", {"name": "Mine", "slug": "mine", "client_id": str(aurora.client_id)}),
    ]
    before = versions(superuser, but={"agent_sign"})
    for path, data in attempts:
        assert (await browser.post(path, data)).status_code == 404, path
    assert written(before, versions(superuser, but={"agent_sign"})) == ["denial"]
    assert [reason for _, reason in refusals(superuser, sara.id)] == ["not granted"] * len(attempts)


async def test_an_administrator_of_the_house_gives_no_role_at_a_brand_of_others(
    the_site: Site, admin: Browser, elena: Person, superuser: psycopg.Connection[Any]
) -> None:
    hidden = await add(the_site, "Celata", (await the_site.person("admin", name="Dino Fabbri")).id)
    anna = await the_site.person()
    here = f"/admin/people/{anna.id}"
    before = versions(superuser, but={"agent_sign"})
    given = await admin.fill(here, {"role": "agent", "brand": str(hidden.id)}, to=f"{here}/roles")
    added = await admin.fill("/admin/people/new", form(brands=[str(hidden.id)]), to="/admin/people")
    assert (given.status_code, added.status_code) == (422, 422)
    assert written(before, versions(superuser, but={"agent_sign"})) == ["denial"]
    assert refusals(superuser, elena.id) == [
        ("POST /admin/people/{person_id}/roles", "role at another brand"),
        ("POST /admin/people", "role at another brand"),
    ]


async def test_a_role_taken_at_a_brand_of_others_is_refused_and_written_down(
    the_site: Site, admin: Browser, elena: Person, superuser: psycopg.Connection[Any]
) -> None:
    await admin.get(f"/admin/people/{elena.id}")
    answer = await admin.post(f"/admin/people/{elena.id}/roles/{uuid4()}/revocation")
    assert answer.status_code == 404
    [(action, reason)] = refusals(superuser, elena.id)
    assert (action.endswith("/revocation"), reason) == (True, "not granted")


async def test_who_gives_themselves_a_role_goes_on_in_a_new_session(
    the_site: Site, admin: Browser, elena: Person, aurora: Added
) -> None:
    """SEC-23: the old session ends with the old rights, for administrators too."""
    before, here = admin.session, f"/admin/people/{elena.id}"
    answer = await admin.fill(here, {"role": "agent", "brand": str(aurora.id)}, to=f"{here}/roles")
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert admin.session not in (None, before)
    assert (await admin.get(here)).status_code == 200
    async with the_site.browser() as thief:
        thief.client.cookies.set("portavoce", str(before), domain="testserver.local")
        assert (await thief.get(here)).status_code == 303
