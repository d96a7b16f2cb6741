"""A brand's addresses: plain, unique over all brands, and telling nobody whose they are."""

from __future__ import annotations

import pytest

from portavoce.brands.errors import BadBrand, Taken
from portavoce.channels.email.mailboxes import add_mailbox, mailbox_of, mailboxes
from tests.world import World


async def test_a_new_address_is_found_by_its_endpoint_and_in_the_list(world: World) -> None:
    async with world.database.begin(world.aurora.writing) as db:
        shop = await add_mailbox(
            db, f"Shop@{world.aurora.slug.upper()}.example", world.aurora.lob_id, "Aurora Shop", "Ciao"
        )
    async with world.database.begin(world.aurora.reading) as db:
        assert (await mailbox_of(db, shop.endpoint_id)).id == shop.id
        assert [box.address for box in await mailboxes(db)] == [
            world.aurora.address,
            f"shop@{world.aurora.slug}.example",
        ]
    assert await world.room.known(f"shop@{world.aurora.slug}.example") is not None


async def test_the_list_is_of_the_brand_in_scope_only(world: World) -> None:
    async with world.database.begin(world.bosco.reading) as db:
        assert [box.address for box in await mailboxes(db)] == [world.bosco.address]


@pytest.mark.parametrize(
    "address", ["", "care", "care@", "@x.example", "a b@x.example", "care+tag@x.example"]
)
async def test_what_is_no_plain_address_is_refused(world: World, address: str) -> None:
    with pytest.raises(BadBrand):
        async with world.database.begin(world.aurora.writing) as db:
            await add_mailbox(db, address, world.aurora.lob_id, "Aurora", "")


@pytest.mark.parametrize("owner", ["aurora", "bosco"])
async def test_a_taken_address_is_refused_without_naming_its_owner(world: World, owner: str) -> None:
    taken = getattr(world, owner).address
    with pytest.raises(Taken) as refused:
        async with world.database.begin(world.aurora.writing) as db:
            await add_mailbox(db, taken, world.aurora.lob_id, "Aurora", "")
    assert "bosco" not in str(refused.value).lower()
