"""People with their roles: everything checked before anything is written, aliases brand by brand."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import BrandAgent
from portavoce.brands.errors import NoBrand
from portavoce.core.db import Database
from portavoce.core.errors import Conflict, NotFound, Problem
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id, now
from portavoce.identity.errors import WrongRole
from portavoce.identity.granting import grants_of, rights_of
from portavoce.identity.mails import House
from portavoce.identity.models import AccessGrant, Person
from portavoce.onboarding.people import add_person, disable_person, give_role, take_role
from tests.minting import Minted, mint_brand
from tests.web.browsing import mails_to

VOXA = House("Voxa Servizi", "http://testserver.local")


async def elena(database: Database) -> UUID:
    async with database.begin(HOUSE) as db:
        one = Person(id=new_id(db), email=f"{uuid4().hex}@voxa.example", name="Elena", created_at=now(db))
        db.add(one)
    return one.id


def wanted(by: UUID, *brands: Minted, **changes: Any) -> dict[str, Any]:
    email = f"{uuid4().hex}@voxa.example"
    base = {"name": "Anna Riva", "email": email, "locale": "it", "client_id": None, "role": "agent", "by": by}
    return {**base, "brands": [brand.id for brand in brands], **changes}


async def exists(database: Database, email: str) -> bool:
    async with database.begin(HOUSE) as db:
        return await db.scalar(select(Person.id).where(Person.email == email)) is not None


async def aliases(database: Database, brand: Minted) -> list[tuple[str, bool]]:
    async with database.begin(brand.reading) as db:
        return [
            (row.alias, row.active) for row in await db.execute(select(BrandAgent.alias, BrandAgent.active))
        ]


async def test_an_agent_of_two_brands_is_one_agent_with_two_aliases(database: Database) -> None:
    by, aurora, bosco = await elena(database), await mint_brand(database), await mint_brand(database, "Bosco")
    form = wanted(by, aurora, bosco)
    anna = await add_person(database, VOXA, **form)
    assert await aliases(database, aurora) == await aliases(database, bosco) == [("Anna", True)]
    assert len(await mails_to(database, form["email"])) == 1
    async with database.begin(HOUSE) as db:
        assert await agent_of(db, anna) is not None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"role": "client_viewer"}, WrongRole),
        ({"client_id": uuid4()}, WrongRole),
        ({"client_id": uuid4(), "role": "client_viewer"}, WrongRole),
        ({"brands": []}, WrongRole),
        ({"brands": [], "role": "admin", "client_id": uuid4()}, WrongRole),
        ({"brands": [uuid4()]}, NoBrand),
    ],
)
async def test_what_does_not_fit_adds_nobody(
    database: Database, changes: dict[str, Any], error: type[Problem]
) -> None:
    by, aurora = await elena(database), await mint_brand(database)
    form = wanted(by, aurora, **changes)
    with pytest.raises(error):
        await add_person(database, VOXA, **form)
    assert not await exists(database, form["email"])
    assert await mails_to(database, form["email"]) == []


async def test_an_administrator_without_brands_is_of_the_house(database: Database) -> None:
    sara = await add_person(database, VOXA, **wanted(await elena(database), role="admin"))
    async with database.begin(HOUSE) as db:
        assert (await rights_of(db, sara))[1]
        assert await agent_of(db, sara) is None


async def test_a_role_taken_and_given_again_revives_the_alias(database: Database) -> None:
    by, aurora = await elena(database), await mint_brand(database)
    anna = await add_person(database, VOXA, **wanted(by, aurora))
    async with database.begin(HOUSE) as db:
        grant_id = (await db.scalars(select(AccessGrant.id).where(AccessGrant.person_id == anna))).one()
    await take_role(database, person_id=anna, grant_id=grant_id, by=by)
    assert await aliases(database, aurora) == [("Anna", False)]
    with pytest.raises(NotFound):
        await take_role(database, person_id=anna, grant_id=grant_id, by=by)
    await give_role(database, VOXA, person_id=anna, role="agent", brand_id=aurora.id, by=by)
    assert await aliases(database, aurora) == [("Anna", True)]


async def test_a_role_is_taken_from_its_holder_only(database: Database) -> None:
    by, aurora = await elena(database), await mint_brand(database)
    anna = await add_person(database, VOXA, **wanted(by, aurora))
    bruno = await add_person(database, VOXA, **wanted(by, aurora))
    async with database.begin(HOUSE) as db:
        grant_id = (await db.scalars(select(AccessGrant.id).where(AccessGrant.person_id == anna))).one()
    with pytest.raises(NotFound):
        await take_role(database, person_id=bruno, grant_id=grant_id, by=by)
    async with database.begin(HOUSE) as db:
        assert len(await grants_of(db, [anna])) == 1


async def test_nobody_closes_the_door_behind_themselves(database: Database) -> None:
    sara = await add_person(database, VOXA, **wanted(await elena(database), role="admin"))
    async with database.begin(HOUSE) as db:
        grant_id = (await db.scalars(select(AccessGrant.id).where(AccessGrant.person_id == sara))).one()
    with pytest.raises(Conflict):
        await take_role(database, person_id=sara, grant_id=grant_id, by=sara)
    with pytest.raises(Conflict):
        await disable_person(database, person_id=sara, by=sara)


async def test_a_supervisor_works_under_an_alias_too_until_the_last_role_at_the_desk_is_taken(
    database: Database,
) -> None:
    by, aurora = await elena(database), await mint_brand(database)
    dino = await add_person(database, VOXA, **wanted(by, aurora, role="supervisor", name="Dino Sala"))
    await give_role(database, VOXA, person_id=dino, role="agent", brand_id=aurora.id, by=by)
    assert await aliases(database, aurora) == [("Dino", True)]
    async with database.begin(HOUSE) as db:
        roles = {
            row.role: row.id
            for row in await db.scalars(select(AccessGrant).where(AccessGrant.person_id == dino))
        }
    await take_role(database, person_id=dino, grant_id=roles["agent"], by=by)
    assert await aliases(database, aurora) == [("Dino", True)]
    await take_role(database, person_id=dino, grant_id=roles["supervisor"], by=by)
    assert await aliases(database, aurora) == [("Dino", False)]
