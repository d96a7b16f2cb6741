"""The small page of the client's sales: leads of their brand, one of them, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations import claiming
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.passing import pass_lead
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import HOUSE_NAME, Cast, World, WorldBrand, letter


@dataclass(frozen=True, slots=True)
class Sales:
    """Piero takes leads of Aurora; Anna passes them on at both brands."""

    site: Site
    world: World
    piero: Browser
    person_id: UUID

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/leads"

    async def lead(self, brand: WorldBrand | None = None) -> UUID:
        at = brand or self.world.aurora
        await self.world.receive(
            at, letter(at.address, sender=f"Gina Verdi <{uuid4().hex}@customer.example>")
        )
        contact, by = (await self.world.contacts(at))[-1].id, self.world.anna.at(at)

        async def work(db: AsyncSession) -> Lead:
            await claiming.claim(db, contact, by=by)
            return await pass_lead(
                db,
                HOUSE_NAME, contact, "Vuole il <b>grande</b>.", with_phone=False, with_email=True,
                form_key=uuid4(), source="Mail", by=by,
            )  # fmt: skip

        return (await self.world.database.run(at.writing, work)).id

    async def row(self, lead_id: UUID) -> Lead:
        async with self.world.database.begin(self.world.aurora.reading) as db:
            return await db.get_one(Lead, (self.world.aurora.id, lead_id))


@pytest.fixture
async def sales(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Sales]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    person = await the_site.person("client_lead_taker", brand=world.aurora.id, name="Piero Sala")
    await the_site.person("client_lead_taker", brand=world.bosco.id, name="Pia Sala")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield Sales(the_site, world, one, person.id)


async def test_who_takes_leads_is_led_to_them(sales: Sales) -> None:
    assert (await sales.piero.get("/")).headers["location"] == "/portal"
    assert (await sales.piero.get("/portal")).headers["location"] == sales.here
    assert "No lead is open" in (await sales.piero.get(sales.here)).text
    lead = await sales.lead()
    page = (await sales.piero.get(sales.here)).text
    assert f'href="{sales.here}/{lead}">Gina Verdi' in page
    assert "Nobody has taken it" in page
    assert "customer.example" not in page


async def test_the_address_is_shown_to_who_took_it_and_the_result_reaches_the_list(sales: Sales) -> None:
    lead = await sales.lead()
    here = f"{sales.here}/{lead}"
    before = (await sales.piero.get(here)).text
    assert "Vuole il &lt;b&gt;grande&lt;/b&gt;." in before
    assert "customer.example" not in before
    for _ in range(2):
        taken = await sales.piero.fill(here, {}, to=f"{here}/taking")
        assert (taken.status_code, taken.headers["location"]) == (303, here)
    page = (await sales.piero.get(here)).text
    assert "@customer.example" in page
    assert "la macchina perde acqua" not in page.lower()
    empty = await sales.piero.post(f"{here}/result", {"note": "Tre volte"})
    assert (empty.status_code, "Tre volte" in empty.text) == (422, True)
    ended = await sales.piero.fill(here, {"result": "won", "note": "Preso."}, to=f"{here}/result")
    assert (ended.status_code, ended.headers["location"]) == (303, f"{sales.here}?sent=1")
    row = await sales.row(lead)
    assert (row.state, row.note, row.taken_by) == ("won", "Preso.", sales.person_id)
    page = (await sales.piero.get(f"{sales.here}?sent=1")).text
    assert "Saved." in page
    assert "Won" in page


async def test_who_is_late_is_told_who_was_faster(sales: Sales) -> None:
    lead = await sales.lead()
    here = f"{sales.here}/{lead}"
    other = await sales.site.person("client_lead_taker", brand=sales.world.aurora.id, name="Lia Moro")
    await sales.piero.get(here)
    async with sales.site.browser() as browser:
        await browser.sign_in(other.email)
        await browser.fill(here, {}, to=f"{here}/taking")
    for act, form in (("taking", {"x": "1"}), ("result", {"result": "won"})):
        late = await sales.piero.post(f"{here}/{act}", form)
        assert late.status_code == 409
        assert "Somebody else has taken this lead." in late.text
        assert "With Lia Moro" in late.text
        assert "customer.example" not in late.text


async def test_nothing_else_of_the_brand_nor_of_another_is_there(sales: Sales) -> None:
    lead, foreign = await sales.lead(), await sales.lead(sales.world.bosco)
    slug, bosco = sales.world.aurora.slug, sales.world.bosco.slug
    contact = (await sales.row(lead)).interaction_id
    for path in (
        f"{sales.here}/{foreign}", f"{sales.here}/{contact}", f"/portal/{slug}", f"/portal/{slug}/2026-03",
        f"/portal/{slug}/isolation", f"/portal/{slug}/requests", f"/portal/{slug}/approvals",
        f"/portal/{slug}/contacts/{contact}", f"/portal/{bosco}/leads", f"/portal/{bosco}/leads/{foreign}",
        f"/b/{slug}/interactions/{contact}", "/desk", "/admin",
    ):  # fmt: skip
        assert (await sales.piero.get(path)).status_code == 404, path
    await sales.piero.get(f"{sales.here}/{lead}")
    for path in (f"{sales.here}/{foreign}", f"/portal/{bosco}/leads/{foreign}"):
        for act in ("taking", "result"):
            assert (await sales.piero.post(f"{path}/{act}", {"result": "won"})).status_code == 404


@pytest.mark.parametrize(
    "role",
    [
        "client_viewer",
        pytest.param("client_approver", marks=pytest.mark.deep),
        pytest.param("client_back_office", marks=pytest.mark.deep),
    ],
)
async def test_others_of_the_client_take_nothing(sales: Sales, role: str) -> None:
    lead = await sales.lead()
    carla = await sales.site.person(role, brand=sales.world.aurora.id, name="Carla Longo")
    async with sales.site.browser() as browser:
        await browser.sign_in(carla.email)
        for path in (sales.here, f"{sales.here}/{lead}"):
            assert (await browser.get(path)).status_code == 404
        await browser.get("/preferences")
        assert (await browser.post(f"{sales.here}/{lead}/taking", {"x": "1"})).status_code == 404
    assert (await sales.row(lead)).state == "open"


@pytest.mark.deep
async def test_the_list_takes_as_many_statements_for_three_as_for_one(sales: Sales) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await sales.lead()
        await sales.piero.get(sales.here)
        with counted(sales.world.database) as statements:
            await sales.piero.get(sales.here)
        counts.append(len(statements))
    assert counts == [6, 6]
