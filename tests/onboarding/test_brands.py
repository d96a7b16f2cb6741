"""A client and a brand with everything it is born with, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.models import AuditEntry, HouseAudit
from portavoce.brands.adding import BrandLook
from portavoce.brands.errors import BadBrand, NoBrand, Taken
from portavoce.brands.models import Brand, Client, LineOfBusiness, Queue
from portavoce.brands.resolving import all_brand_ids
from portavoce.calendars.errors import BadCalendar
from portavoce.calendars.models import Calendar, CalendarVersion
from portavoce.calendars.queries import versions_of_brand
from portavoce.contracts.models import Clause, Contract, ContractVersion
from portavoce.conversations.models import Disposition
from portavoce.core.db import DISPATCH, Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.identity.granting import grants_of
from portavoce.ledger.models import BrandHead, LedgerEvent
from portavoce.ledger.verifying import verify_chain
from portavoce.onboarding import brands
from portavoce.onboarding.brands import OUTCOMES, add_brand, add_paying_client
from tests.database import NOON
from tests.floor import Floor

TENANT = (
    BrandHead, LineOfBusiness, Queue, Contract, ContractVersion, Calendar, CalendarVersion, Clause,
    Disposition, AuditEntry, LedgerEvent, BrandAgent,
)  # fmt: skip


def look(**changes: Any) -> BrandLook:
    made = BrandLook(
        slug=f"velia-{uuid4().hex[:8]}", name="Velia", accent="#A21C6A", shape="leaf", monogram="V",
        voice="Diamo del lei.", language="it", zone="Europe/Rome",
    )  # fmt: skip
    return replace(made, **changes)


async def rows(database: Database, brand_id: UUID, kind: type[Any]) -> list[Any]:
    async with database.begin(Scope.reading([brand_id])) as db:
        return list((await db.scalars(select(kind))).all())


async def brand_ids(database: Database) -> list[UUID]:
    async with database.begin(HOUSE, role=DISPATCH) as db:
        return sorted(await all_brand_ids(db))


async def add(floor: Floor, how: BrandLook | None = None, **changes: Any) -> UUID:
    given = {"client_id": floor.world.client, "look": how or look(), "by": floor.world.elena, **changes}
    return await add_brand(floor.database, **given)


async def test_a_brand_is_born_with_everything_it_needs(floor: Floor) -> None:
    brand_id = await add(floor)
    found = {kind: await rows(floor.database, brand_id, kind) for kind in TENANT}
    assert {kind: len(each) for kind, each in found.items()} == {
        BrandHead: 1, LineOfBusiness: 1, Queue: 1, Contract: 1, ContractVersion: 1, Calendar: 1,
        CalendarVersion: 1, Clause: 1, Disposition: len(OUTCOMES), AuditEntry: 1, LedgerEvent: 1, BrandAgent: 0,
    }  # fmt: skip
    (line,), (clause,), (version,) = found[LineOfBusiness], found[Clause], found[ContractVersion]
    assert (found[Queue][0].lob_id, clause.lob_id) == (line.id, line.id)
    assert (version.number, version.state, version.valid_from) == (1, "unpriced", NOON)
    assert (clause.contract_version_id, clause.calendar_id) == (version.id, found[Calendar][0].id)
    assert (clause.channel, clause.target_s, clause.share_bp) == ("email", 4 * 3600, 9_000)
    assert (found[CalendarVersion][0].zone, found[CalendarVersion][0].valid_from) == ("Europe/Rome", NOON)
    assert {each.lob_id for each in found[Disposition]} == {line.id}


async def test_its_chain_begins_with_its_own_birth(floor: Floor) -> None:
    brand_id = await add(floor)
    (fact,) = await rows(floor.database, brand_id, LedgerEvent)
    (entry,) = await rows(floor.database, brand_id, AuditEntry)
    assert (fact.n, fact.kind, fact.actor, fact.cause_id) == (1, "brand.added", "admin", entry.id)
    assert str(floor.world.elena) not in fact.body
    async with floor.database.begin(Scope.reading([brand_id]), snapshot=True) as db:
        assert await verify_chain(db, brand_id) == []


async def test_who_adds_a_brand_administers_it(floor: Floor) -> None:
    how = look()
    brand_id = await add(floor, how)
    async with floor.database.begin(HOUSE) as db:
        granted = [each for each in await grants_of(db, [floor.world.elena]) if each.brand_id == brand_id]
    assert [(each.slug, each.role) for each in granted] == [(how.slug, "admin")]


async def test_an_agent_who_adds_a_brand_is_known_to_it(floor: Floor) -> None:
    brand_id = await add(floor, by=floor.world.anna.person_id)
    (known_as,) = await rows(floor.database, brand_id, BrandAgent)
    assert (known_as.agent_id, known_as.alias) == (floor.world.anna.agent_id, "Anna")


async def test_a_slug_in_use_is_said_so_beside_its_field(floor: Floor) -> None:
    before = await brand_ids(floor.database)
    with pytest.raises(Taken) as refusal:
        await add(floor, look(slug=floor.aurora.slug))
    assert (refusal.value.status, set(refusal.value.fields)) == (422, {"slug"})
    assert await brand_ids(floor.database) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "porpora"),
        ("zone", "Europe/Atlantis"),
        ("slug", "Velia SpA"),
        ("slug", '"]{}*{display:none}'),
        ("shape", "star"),
        ("monogram", ""),
    ],
)
async def test_a_bad_look_is_said_so_beside_its_field(floor: Floor, field: str, value: str) -> None:
    before = await brand_ids(floor.database)
    with pytest.raises(BadBrand) as refusal:
        await add(floor, look(**{field: value}))
    assert (refusal.value.status, set(refusal.value.fields)) == (422, {field})
    assert await brand_ids(floor.database) == before


async def test_a_client_that_does_not_exist_gets_no_brand(floor: Floor) -> None:
    before = await brand_ids(floor.database)
    with pytest.raises(NoBrand):
        await add(floor, client_id=uuid4())
    assert await brand_ids(floor.database) == before


@pytest.mark.parametrize(
    "step", ["grant", "found_contract", "add_first_response", "_alias_creator", "record"]
)
async def test_a_failure_midway_leaves_nothing(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def break_off(db: AsyncSession, *_: Any, **__: Any) -> None:
        raise RuntimeError("broken off")

    how, before = look(), await brand_ids(floor.database)
    async with floor.database.begin(HOUSE) as db:
        grants = await grants_of(db, [floor.world.elena])
    monkeypatch.setattr(brands, step, break_off)
    with pytest.raises(RuntimeError, match="broken off"):
        await add(floor, how)
    assert await brand_ids(floor.database) == before
    async with floor.database.begin(HOUSE) as db:
        assert await grants_of(db, [floor.world.elena]) == grants
    monkeypatch.undo()
    assert await add(floor, how) in await brand_ids(floor.database)


async def test_a_client_is_added_with_a_word_in_the_houses_audit(floor: Floor) -> None:
    client_id = await add_paying_client(
        floor.database, name="Velia", legal_name="Velia S.r.l.", by=floor.world.elena
    )
    async with floor.database.begin(HOUSE) as db:
        client = await db.get_one(Client, client_id)
        act = (await db.scalars(select(HouseAudit).where(HouseAudit.subject_id == client_id))).one()
    assert (client.name, client.legal_name, client.created_at) == ("Velia", "Velia S.r.l.", NOON)
    assert (act.person_id, act.action) == (floor.world.elena, "client.added")
    brand_id = await add(floor, client_id=client_id)
    (brand,) = await rows(floor.database, brand_id, Brand)
    assert brand.legal_name == "Velia S.r.l."


async def test_a_brand_keeps_the_holidays_of_its_place_from_the_first_day(floor: Floor) -> None:
    brand_id = await add(floor, place="IT-TO")
    async with floor.database.begin(Scope.reading([brand_id])) as db:
        [[version]] = (await versions_of_brand(db)).values()
    assert {date(2026, 4, 6), date(2026, 6, 24)} <= version.document.days.keys()
    assert (version.published_by, version.published_at) == (floor.world.elena, NOON)
    assert version.document.weekly == brands.OFFICE_HOURS


@pytest.mark.parametrize("place", ["XX", "IT-XX", "-TO"])
async def test_a_place_that_nobody_knows_is_refused_and_no_brand_is_born(floor: Floor, place: str) -> None:
    before = await brand_ids(floor.database)
    with pytest.raises(BadCalendar) as refusal:
        await add(floor, place=place)
    assert set(refusal.value.fields) == {"place"}
    assert await brand_ids(floor.database) == before
