"""Rights as PostgreSQL has them at this moment."""

from __future__ import annotations

from sqlalchemy import func, select

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.granting import Granted, grant, grants_of, holding, revoke, rights_of
from portavoce.identity.models import AccessGrant, Person
from tests.minting import mint_brand


async def test_a_grant_for_a_client_counts_for_all_its_brands(database: Database, anna: Person) -> None:
    aurora = await mint_brand(database, "Aurora")
    sister = await mint_brand(database, "Aurora Casa", client_id=aurora.client_id)
    await mint_brand(database, "Bosco")
    async with database.begin(HOUSE) as db:
        await grant(db, anna.id, "client_viewer", client_id=aurora.client_id)
        await db.flush()
        assert {each.brand_id for each in await grants_of(db, [anna.id])} == {aurora.id, sister.id}


async def test_asking_twice_gives_once_and_again_after_revoking(database: Database, anna: Person) -> None:
    aurora = await mint_brand(database, "Aurora")
    for expected in (1, 1):
        async with database.begin(HOUSE) as db:
            given = await grant(db, anna.id, "agent", brand_id=aurora.id, by=anna.id)
        async with database.begin(HOUSE) as db:
            assert len(await grants_of(db, [anna.id])) == expected
    async with database.begin(HOUSE) as db:
        await revoke(db, given.id)
        assert await grants_of(db, [anna.id]) == []
        again = await grant(db, anna.id, "agent", brand_id=aurora.id)
        await db.flush()
        assert again.id != given.id
        count = select(func.count(AccessGrant.id)).where(AccessGrant.person_id == anna.id)
        assert (await db.execute(count)).scalar_one() == 2


async def test_administering_a_brand_is_not_administering_the_house(database: Database, anna: Person) -> None:
    aurora = await mint_brand(database, "Aurora")
    async with database.begin(HOUSE) as db:
        await grant(db, anna.id, "admin", brand_id=aurora.id)
        await db.flush()
        assert not (await rights_of(db, anna.id))[1]
        house = await grant(db, anna.id, "admin")
        await db.flush()
        granted = (Granted(anna.id, aurora.id, aurora.slug, "admin"),)
        assert await rights_of(db, anna.id) == (granted, True)
        await revoke(db, house.id)
        assert not (await rights_of(db, anna.id))[1]


async def test_who_holds_a_role_is_told_without_who_lost_it_or_may_not_sign_in(
    database: Database, anna: Person
) -> None:
    aurora, bosco = await mint_brand(database, "Aurora"), await mint_brand(database, "Bosco")
    async with database.begin(HOUSE) as db:
        given = await grant(db, anna.id, "supervisor", brand_id=aurora.id)
        await grant(db, anna.id, "agent", brand_id=bosco.id)
        await db.flush()
        assert [each.id for each in await holding(db, aurora.id, "supervisor")] == [anna.id]
        assert await holding(db, bosco.id, "supervisor") == []
        await revoke(db, given.id)
        assert await holding(db, aurora.id, "supervisor") == []
