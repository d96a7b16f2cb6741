"""A supervisor proposes a relief in the brand's own time and withdraws it while nobody has decided."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from portavoce.sla.relief.deciding import accept
from portavoce.sla.relief.models import ReliefEvent
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import Cast, World, letter

FORM = {
    "cause": "client_system_down", "starts": "2026-03-02T09:00", "until": "2026-03-02T10:30",
    "evidence": "Il gestionale\nera fermo.", "lob_id": "", "channel": "email", "ticket": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Floor:
    """Dino supervises Aurora, for whose client Rosa approves; the clock stands at 13:00 in Rome."""

    site: Site
    world: World
    dino: Browser
    dino_id: UUID
    rosa: UUID

    @property
    def here(self) -> str:
        return f"/s/b/{self.world.aurora.slug}/relief"

    async def events(self) -> list[ReliefEvent]:
        async with self.site.database.begin(self.world.aurora.reading) as db:
            return list(await db.scalars(select(ReliefEvent).order_by(ReliefEvent.id)))


@pytest.fixture
async def floor(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Floor]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    dino = await the_site.person("supervisor", brand=world.aurora.id, name="Dino Costa")
    rosa = await the_site.person("client_approver", brand=world.aurora.id, name="Rosa Gallo")
    async with the_site.browser() as one:
        await one.sign_in(dino.email)
        yield Floor(the_site, world, one, dino.id, rosa.id)


async def test_an_event_is_proposed_in_the_brands_time_and_withdrawn_with_a_trace(floor: Floor) -> None:
    assert "Nothing was proposed" in (await floor.dino.get(floor.here)).text
    sent = await floor.dino.fill(f"{floor.here}/new", FORM, to=floor.here)
    [event] = await floor.events()
    assert (sent.status_code, sent.headers["location"]) == (303, f"{floor.here}/{event.id}?saved=proposed")
    assert f"{event.starts_at:%H:%M} {event.ends_at:%H:%M}" == "08:00 09:30"
    assert (event.channel, event.lob_id, event.evidence) == ("email", None, "Il gestionale\nera fermo.")
    page = (await floor.dino.get(sent.headers["location"])).text
    assert "Who approves at the client has a mail" in page
    assert "era fermo." in page
    gone = await floor.dino.post(f"{floor.here}/{event.id}/retraction", {"x": "1"})
    assert (gone.status_code, gone.headers["location"]) == (303, f"{floor.here}?saved=withdrawn")
    assert "Withdrawn" in (await floor.dino.get(gone.headers["location"])).text
    async with floor.site.database.begin(HOUSE) as db:
        query = select(HouseAudit.action).where(HouseAudit.action.startswith("relief."))
        assert {"relief.proposed", "relief.withdrawn"} <= set(await db.scalars(query))


async def test_one_contact_is_named_by_its_number(floor: Floor) -> None:
    await floor.world.receive(floor.world.aurora, letter(floor.world.aurora.address))
    [contact] = await floor.world.contacts(floor.world.aurora)
    await floor.dino.fill(f"{floor.here}/new", {**FORM, "channel": "", "ticket": "1"}, to=floor.here)
    [event] = await floor.events()
    assert event.interaction_id == contact.id
    assert "Contact no. 1" in (await floor.dino.get(floor.here)).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cause": ""}, "cause"),
        ({"cause": "bad_luck"}, "cause"),
        ({"starts": "soon"}, "starts"),
        ({"starts": "2026-03-02T09:10"}, "starts"),
        ({"until": "2026-03-29T02:30"}, "until"),
        ({"until": "2026-03-02T08:00"}, "until"),
        ({"until": "2026-03-02T13:30"}, "until"),
        ({"evidence": ""}, "evidence"),
        ({"lob_id": "x"}, "lob_id"),
        ({"channel": "fax"}, "channel"),
        ({"ticket": "77"}, "ticket"),
        ({"ticket": "x"}, "ticket"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_kept(
    floor: Floor, changed: dict[str, str], field: str
) -> None:
    sent = await floor.dino.fill(f"{floor.here}/new", {**FORM, **changed}, to=floor.here)
    assert (sent.status_code, f'id="f-{field}-err"' in sent.text) == (422, True)
    assert changed.get("evidence", "era fermo.") in sent.text
    assert await floor.events() == []


async def test_where_nobody_may_decide_the_form_says_so(the_site: Site, world_mold: Mold[Cast]) -> None:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    dino = await the_site.person("supervisor", brand=world.bosco.id)
    here = f"/s/b/{world.bosco.slug}/relief"
    async with the_site.browser() as one:
        await one.sign_in(dino.email)
        sent = await one.fill(f"{here}/new", FORM, to=here)
    assert (sent.status_code, "Nobody at the client may decide yet" in sent.text) == (422, True)


async def test_what_was_decided_is_withdrawn_no_more(floor: Floor) -> None:
    await floor.dino.fill(f"{floor.here}/new", FORM, to=floor.here)
    [event] = await floor.events()
    await floor.world.database.run(floor.world.aurora.writing, lambda db: accept(db, event.id, by=floor.rosa))
    late = await floor.dino.post(f"{floor.here}/{event.id}/retraction", {"x": "1"})
    assert (late.status_code, "meanwhile" in late.text) == (409, True)
    assert "Rosa Gallo of the client" in late.text
    assert "Withdraw the event" not in late.text


async def test_who_does_not_supervise_the_brand_finds_nothing(floor: Floor) -> None:
    """Nor does a supervisor of one brand who works as an agent of another."""
    async with floor.site.database.begin(HOUSE) as db:
        await grant(db, floor.dino_id, "agent", brand_id=floor.world.bosco.id)
    await floor.dino.fill(f"{floor.here}/new", FORM, to=floor.here)
    [event] = await floor.events()
    foreign = f"/s/b/{floor.world.bosco.slug}/relief"
    for path in (foreign, f"{foreign}/new", f"{foreign}/{event.id}"):
        assert (await floor.dino.get(path)).status_code == 404
    agent = await floor.site.person("agent", brand=floor.world.aurora.id)
    async with floor.site.browser() as one:
        await one.sign_in(agent.email)
        for path in ("/s", floor.here, f"{floor.here}/new", f"{floor.here}/{event.id}"):
            assert (await one.get(path)).status_code == 404
        await one.get("/preferences")
        assert (await one.post(floor.here, FORM)).status_code == 404
