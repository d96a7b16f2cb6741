"""Whoever changes a relief, or what it holds, behind the wall is found out by the nightly comparison."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.reconciling import report_faults
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import reading
from tests.reporting.telling import Contact, tell
from tests.sla.relief.relieving import accepted, proposed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROWS = "is not what its facts tell"
CHANGES: list[tuple[LiteralString, str]] = [
    ("UPDATE pv.relief_event SET ends_at = ends_at + interval '1 hour' WHERE state = 'accepted'", ROWS),
    ("UPDATE pv.relief_event SET cause = 'force_majeure' WHERE state = 'accepted'", ROWS),
    ("UPDATE pv.relief_event SET decided_side = 'silence' WHERE state = 'accepted'", ROWS),
    ("UPDATE pv.relief_event SET state = 'accepted', decided_at = now(), decided_side = 'client' WHERE state = 'proposed'", ROWS),
    ("DELETE FROM pv.relief_event WHERE state = 'proposed'", ROWS),
    ("UPDATE pv.observation SET at = at + interval '1 hour' WHERE state = 'met'", "holds 2 units, 1 of them late by their facts, 1 units, 1 of them late kept"),
    ("UPDATE pv.observation SET state = 'met' WHERE state = 'late'", "holds 2 units, 1 of them late by their facts, 2 units, 0 of them late kept"),
]  # fmt: skip


@pytest.fixture
async def told(ledger: Database, aurora: Minted, clock: SteppedClock, rosa: UUID) -> Minted:
    clock.move_to(NOON + 8 * DAY)
    await tell(ledger, aurora, Contact(NOON, NOON + 5 * HOUR), Contact(NOON, NOON + HOUR))
    await accepted(ledger, aurora, rosa)
    await proposed(ledger, aurora, rosa)
    await catch_up(ledger, aurora.id)
    return aurora


async def faults(database: Database, brand: Minted) -> list[str]:
    async with reading(database, brand) as db:
        return [fault.reason for fault in await report_faults(db)]


async def test_what_was_told_agrees(ledger: Database, told: Minted, rosa: UUID) -> None:
    assert await faults(ledger, told) == []
    await accepted(ledger, told, rosa)
    assert await faults(ledger, told) == []


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[str(n) for n in range(len(CHANGES))])
async def test_whatever_was_changed_is_found(
    ledger: Database, told: Minted, superuser: psycopg.Connection[Any], change: LiteralString, said: str
) -> None:
    assert superuser.execute(f"{change} AND brand_id = %s", [told.id]).rowcount
    assert any(said in fault for fault in await faults(ledger, told))
