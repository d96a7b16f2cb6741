"""What stands below the answers of a brand marks a text as its."""

from __future__ import annotations

from portavoce.brands.signals import signals
from portavoce.channels.email.mailboxes import add_mailbox
from tests.world import World


async def test_numbers_domains_and_telling_lines_of_a_signature_are_marks(world: World) -> None:
    signature = "Cordiali saluti\nIl team Aurora\nwww.aurora-negozio.it, tel. 011 5550123"
    async with world.database.begin(world.aurora.writing) as db:
        await add_mailbox(db, f"due@{world.aurora.slug}.example", world.aurora.lob_id, "Aurora", signature)
    async with world.database.begin(world.aurora.reading) as db:
        found = {row.key for row in await signals(db) if row.origin == "signature"}
    assert {"domain aurora-negozio.it", "phone +390115550123", "signature ilteamaurora"} <= found
    assert "signature cordialisaluti" not in found
