"""A few of the newest rows of each kind, of the brand in scope and no other."""

from __future__ import annotations

from portavoce.conversations.models import Message
from portavoce.core.db import Database
from portavoce.web.trespassing.samples import MOST, sample
from tests.minting import mint_brand
from tests.web.trespassing.conftest import Ground
from tests.world import letter


async def test_a_sample_names_rows_of_the_brand_and_no_more_than_a_few(ground: Ground) -> None:
    world = ground.world
    for number in range(MOST):
        await world.receive(
            world.aurora, letter(world.aurora.address, sender=f"G{number} <g{number}@x.example>")
        )
    async with world.database.begin(world.aurora.reading) as db:
        found = await sample(db, world.aurora.id)
        contacts = {str(each.id) for each in await world.contacts(world.aurora)}
        framed = next(names for names in found if names.message)
        message = await db.get_one(Message, (world.aurora.id, framed.message))
    named = [str(names.interaction) for names in found if names.interaction and not names.message]
    assert (len(named), set(named) <= contacts) == (MOST, True)
    assert (message.interaction_id, message.html is not None) == (framed.interaction, True)
    assert all(
        getattr(names, kind) for names in found[1:2] for kind in ("attachment", "mail", "lob", "clause")
    )


async def test_a_brand_without_any_contact_still_names_itself(database: Database) -> None:
    bare = await mint_brand(database, "Bosco")
    async with database.begin(bare.reading) as db:
        [names] = await sample(db, bare.id)
    assert (names.slug, names.month, names.interaction) == (bare.slug, "2026-03", None)
