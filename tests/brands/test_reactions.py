"""A brand that gets a name and an address has its marks in the same transaction."""

from __future__ import annotations

from portavoce.brands.signals import signals
from tests.world import World


async def test_name_address_and_signature_are_marks_of_a_new_brand(world: World) -> None:
    async with world.database.begin(world.aurora.reading) as db:
        found = {(row.origin, row.key) for row in await signals(db)}
    domain = f"{world.aurora.slug}.example"
    assert found == {
        ("name", "word aurora"),
        ("address", f"address care@{domain}"),
        ("address", f"domain {domain}"),
        ("signature", "signature ilteamaurora"),
    }
