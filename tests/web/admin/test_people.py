"""People of the house: adding, inviting, giving and taking roles, closing an access."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.core.scope import HOUSE, Scope
from portavoce.identity.granting import grants_of
from portavoce.identity.models import Person
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site, link_in


def form(**changes: object) -> dict[str, object]:
    fresh = f"{uuid4().hex}@voxa.example"
    return {"name": "Anna Riva", "email": fresh, "locale": "it", "client_id": "", "role": "agent", **changes}


async def find(the_site: Site, email: object) -> Person | None:
    async with the_site.database.begin(HOUSE) as db:
        return (await db.scalars(select(Person).where(Person.email == email))).one_or_none()


async def test_an_agent_is_added_with_alias_and_invitation(
    the_site: Site, admin: Browser, aurora: Added, bosco: Added
) -> None:
    wanted = form(brands=[str(aurora.id), str(bosco.id)])
    answer = await admin.fill("/admin/people/new", wanted, to="/admin/people")
    assert answer.status_code == 303
    anna = await find(the_site, wanted["email"])
    assert anna is not None
    async with the_site.database.begin(HOUSE) as db:
        granted = {(each.brand_id, each.role) for each in await grants_of(db, [anna.id])}
        agent = (await db.scalars(select(AgentProfile).where(AgentProfile.person_id == anna.id))).one()
    assert granted == {(aurora.id, "agent"), (bosco.id, "agent")}
    for brand in (aurora, bosco):
        async with the_site.database.begin(Scope.reading({brand.id})) as db:
            alias = (await db.scalars(select(BrandAgent).where(BrandAgent.agent_id == agent.agent_id))).one()
        assert (alias.alias, alias.active) == ("Anna", True)
    (mail,) = await the_site.mails_to(anna.email)
    assert "/invitation/" in link_in(mail)
    assert "Aurora" not in mail.subject + mail.body
    assert anna.name in (await admin.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"role": "client_viewer"}, "A person of this company may not hold this role."),
        ({"brands": [str(uuid4())]}, "Choose one of the options shown."),
        ({"brands": []}, "Choose at least one brand."),
        ({"email": "anna at voxa"}, "Write the address as name@domain."),
        ({"name": "A"}, "Write from 2 to 120 characters."),
        ({"role": "owner"}, "Choose one of the options shown."),
        ({"locale": "de"}, "Choose one of the options shown."),
    ],
)
async def test_a_form_with_mistakes_adds_nobody(
    the_site: Site, admin: Browser, aurora: Added, changes: dict[str, object], message: str
) -> None:
    wanted = form(**{"brands": [str(aurora.id)], **changes})
    answer = await admin.fill("/admin/people/new", wanted, to="/admin/people")
    assert answer.status_code == 422
    assert message in answer.text
    assert str(wanted["name"]) in answer.text
    assert await find(the_site, wanted["email"]) is None


async def test_a_known_address_is_not_added_twice(the_site: Site, admin: Browser, aurora: Added) -> None:
    anna = await the_site.person("agent", brand=aurora.id)
    answer = await admin.fill(
        "/admin/people/new", form(email=anna.email.upper(), brands=[str(aurora.id)]), to="/admin/people"
    )
    assert answer.status_code == 422
    assert "A person with this address exists already." in answer.text


async def test_a_closed_access_is_over_at_once(the_site: Site, admin: Browser, aurora: Added) -> None:
    anna = await the_site.person("agent", brand=aurora.id)
    async with the_site.browser() as hers:
        await hers.sign_in(anna.email)
        assert (await hers.get("/preferences")).status_code == 200
        await admin.get(f"/admin/people/{anna.id}")
        assert (await admin.post(f"/admin/people/{anna.id}/disablement")).status_code == 303
        assert (await hers.get("/preferences")).status_code == 303
        assert (await hers.sign_in(anna.email)).status_code == 422
    assert (await admin.post(f"/admin/people/{anna.id}/invitation")).status_code == 404


async def test_an_invitation_sent_again_makes_the_first_link_stale(the_site: Site, admin: Browser) -> None:
    anna = await the_site.person(password=None)
    await admin.get(f"/admin/people/{anna.id}")
    for _ in range(2):
        await admin.post(f"/admin/people/{anna.id}/invitation")
    first, second = [link_in(mail) for mail in await the_site.mails_to(anna.email)]
    async with the_site.browser() as hers:
        assert (await hers.get(first)).status_code == 404
        assert (await hers.get(second)).status_code == 200


async def test_an_administrator_of_one_brand_sees_no_people_and_no_clients(sara: Browser) -> None:
    for page in ("/admin/people", "/admin/people/new", "/admin/clients", "/admin/brands/new", "/sent"):
        assert (await sara.get(page)).status_code == 404
    assert (await sara.get("/admin")).status_code == 200
