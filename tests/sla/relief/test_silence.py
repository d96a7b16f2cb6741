"""Silence is heard brand by brand; one that fails keeps no other waiting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from portavoce.core.db import Database
from portavoce.core.unit import written_brand
from portavoce.kit.clock import SteppedClock
from portavoce.sla.relief import silence
from portavoce.sla.relief.deciding import accept_by_silence
from portavoce.sla.relief.silence import hear_silence
from tests.minting import Minted, mint_brand
from tests.sla.relief.relieving import event_in, person_with, proposed, silence_after, wish


async def test_every_brand_is_heard_even_beside_one_that_fails(
    ledger: Database, aurora: Minted, rosa: UUID, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    remo = await person_with(ledger, bosco, "client_approver", "Remo Gallo")
    events = {}
    for brand, by in ((aurora, rosa), (bosco, remo)):
        await silence_after(ledger, brand, 1)
        now = clock.now()
        events[brand.id] = await proposed(ledger, brand, by, wish(now - timedelta(hours=1), now))
    clock.advance(timedelta(days=1))

    async def sometimes(db: AsyncSession) -> int:
        if written_brand(db) == aurora.id:
            raise RuntimeError("out of order")
        return await accept_by_silence(db)

    monkeypatch.setattr(silence, "accept_by_silence", sometimes)
    with capture_logs() as logs:
        assert await hear_silence(ledger) == 1
    assert [entry["brand"] for entry in logs if entry["event"].startswith("silence about")] == [
        str(aurora.id)
    ]
    monkeypatch.undo()
    assert (await hear_silence(ledger), await hear_silence(ledger)) == (1, 0)
    for brand in (aurora, bosco):
        async with ledger.begin(brand.reading) as db:
            assert (await event_in(db, brand, events[brand.id])).decided_side == "silence"
