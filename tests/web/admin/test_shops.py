"""An administrator of the brand adds and retires shops and says who stands there, with a trace and within the brand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.visits.models import Shop, ShopClerk
from portavoce.core.scope import HOUSE, Scope
from portavoce.onboarding.people import add_person
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site
from tests.world import HOUSE_NAME


async def line_of(the_site: Site, brand: Added) -> str:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return str((await db.scalars(select(LineOfBusiness.id))).one())


async def rows(the_site: Site, brand: Added) -> tuple[list[Shop], list[ShopClerk]]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        shops = list(await db.scalars(select(Shop).order_by(Shop.id)))
        return shops, list(await db.scalars(select(ShopClerk).order_by(ShopClerk.id)))


async def pina(the_site: Site, brand: Added, by: UUID, name: str = "Pina Banco") -> None:
    await add_person(
        the_site.database, HOUSE_NAME, name=name, email=f"{uuid4().hex}@client.example", locale="it",
        client_id=brand.client_id, role="client_shop_clerk", brands=[brand.id], by=by,
    )  # fmt: skip


async def test_a_shop_is_added_staffed_emptied_and_retired(
    the_site: Site, sara: Browser, aurora: Added, elena: object
) -> None:
    here = f"/admin/b/{aurora.slug}/shops"
    assert "No shop yet" in (await sara.get(here)).text
    line = await line_of(the_site, aurora)
    saved = await sara.post(here, {"name": "Aurora Duomo", "where": "Milano", "lob_id": line})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{here}?saved=1")
    await pina(the_site, aurora, elena.id)  # type: ignore[attr-defined]  # -- a person
    page = (await sara.get(f"{here}?saved=1")).text
    assert "Saved." in page
    assert "Pina Banco" in page
    [shop], _ = await rows(the_site, aurora)
    clerk = page.split('name="clerk"')[1].split('option value="')[1].split('"')[0]
    for act, form in (
        (f"{shop.id}/clerks", {"clerk": clerk}),
        (f"{shop.id}/clerks/{clerk}/removal", {"x": "1"}),
    ):
        assert (await sara.post(f"{here}/{act}", form)).status_code == 303, act
    _, [given] = await rows(the_site, aurora)
    assert (str(given.brand_agent_id), given.ended_at is not None) == (clerk, True)
    assert (await sara.post(f"{here}/{shop.id}/retirement", {"x": "1"})).status_code == 303
    assert "Retired" in (await sara.get(here)).text
    async with the_site.database.begin(HOUSE) as db:
        acts = list(await db.scalars(select(HouseAudit.action).where(HouseAudit.subject_id == shop.id)))
    assert sorted(acts) == ["shop.added", "shop.clerk_given", "shop.clerk_taken", "shop.retired"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"where": ""}, "where"),
        ({"lob_id": str(uuid4())}, "lob_id"),
        ({"name": "x" * 81}, "name"),
    ],
)
async def test_what_is_missing_is_said_under_its_field(
    the_site: Site, sara: Browser, aurora: Added, given: dict[str, str], field: str
) -> None:
    here = f"/admin/b/{aurora.slug}/shops"
    form = {"name": "Aurora Duomo", "where": "Milano", "lob_id": await line_of(the_site, aurora), **given}
    refused = await sara.fill(here, form)
    assert (refused.status_code, f'id="f-{field}-err"' in refused.text) == (422, True)
    assert await rows(the_site, aurora) == ([], [])


async def test_another_brands_shops_and_people_are_not_there(
    the_site: Site, sara: Browser, aurora: Added, bosco: Added, elena: object
) -> None:
    here = f"/admin/b/{aurora.slug}/shops"
    line = await line_of(the_site, bosco)
    assert (await sara.fill(here, {"name": "Duomo", "where": "Milano", "lob_id": line})).status_code == 422
    assert (await sara.get(f"/admin/b/{bosco.slug}/shops")).status_code == 404
    own = {"name": "Duomo", "where": "Milano", "lob_id": await line_of(the_site, aurora)}
    await sara.fill(here, own)
    [shop], _ = await rows(the_site, aurora)
    for act, form in (
        (f"{shop.id}/clerks", {"clerk": str(uuid4())}), (f"{shop.id}/clerks/{uuid4()}/removal", {"x": "1"}),
        (f"{uuid4()}/retirement", {"x": "1"}), (f"{uuid4()}/clerks", {"clerk": str(uuid4())}),
    ):  # fmt: skip
        assert (await sara.post(f"{here}/{act}", form)).status_code == 404, act
    empty = await sara.post(f"{here}/{shop.id}/clerks", {"clerk": ""})
    assert empty.status_code == 422
