"""One decision about a relief, by whom the contract lets decide, and nothing after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.reporting.facts import read_body
from portavoce.sla.relief.deciding import accept, accept_by_silence, contest, withdraw
from portavoce.sla.relief.errors import BadRelief, NoRelief, Undecidable
from tests.minting import Minted, mint_brand
from tests.sla.relief.relieving import event_in, person_with, proposed, silence_after

DAY = timedelta(days=1)
Verb = Callable[[AsyncSession, UUID, UUID], Awaitable[Any]]


def _accept(db: AsyncSession, event: UUID, by: UUID) -> Awaitable[Any]:
    return accept(db, event, by=by)


def _contest(db: AsyncSession, event: UUID, by: UUID) -> Awaitable[Any]:
    return contest(db, event, " Non era fermo. ", by=by)


def _withdraw(db: AsyncSession, event: UUID, by: UUID) -> Awaitable[Any]:
    return withdraw(db, event, by=by)


async def facts(ledger: Database, aurora: Minted) -> list[tuple[str, str, object]]:
    """Kind, actor and side of every decision."""
    async with ledger.begin(aurora.reading) as db:
        query = select(LedgerEvent).where(LedgerEvent.kind.startswith("relief.")).order_by(LedgerEvent.n)
        rows = (await db.scalars(query)).all()
    return [(row.kind, row.actor, read_body(row.body).get("by")) for row in rows[1:]]


@pytest.mark.parametrize(
    ("verb", "state", "side", "actor"),
    [
        (_accept, "accepted", "client", "client"),
        (_contest, "contested", "client", "client"),
        (_withdraw, "withdrawn", "provider", "supervisor"),
    ],
)
async def test_a_decision_stands_in_row_and_ledger_and_a_second_click_changes_nothing(
    ledger: Database, aurora: Minted, rosa: UUID, verb: Verb, state: str, side: str, actor: str
) -> None:
    event_id = await proposed(ledger, aurora, rosa)
    for _ in range(2):
        await ledger.run(aurora.writing, lambda db: verb(db, event_id, rosa))
    async with ledger.begin(aurora.reading) as db:
        event = await event_in(db, aurora, event_id)
    assert (event.state, event.decided_side, event.decided_by) == (state, side, rosa)
    assert event.decided_at == ledger.clock.now()
    assert event.reason == ("Non era fermo." if verb is _contest else None)
    assert await facts(ledger, aurora) == [(f"relief.{state}", actor, side)]


@pytest.mark.parametrize("first", [_accept, _contest, _withdraw])
@pytest.mark.parametrize("second", [_accept, _contest, _withdraw])
async def test_whoever_comes_second_is_told(
    ledger: Database, aurora: Minted, rosa: UUID, first: Verb, second: Verb
) -> None:
    event_id, other = await proposed(ledger, aurora, rosa), await person_with(ledger, aurora, "client_viewer")
    await ledger.run(aurora.writing, lambda db: first(db, event_id, rosa))
    with pytest.raises(Undecidable, match="meanwhile"):
        await ledger.run(aurora.writing, lambda db: second(db, event_id, other))
    assert len(await facts(ledger, aurora)) == 1


async def test_to_contest_takes_a_reason(ledger: Database, aurora: Minted, rosa: UUID) -> None:
    event_id = await proposed(ledger, aurora, rosa)
    for words, advice in ((" ", "Write why"), ("x" * 2_001, "2000")):
        said = partial(contest, relief_id=event_id, reason=words, by=rosa)
        with pytest.raises(BadRelief) as refused:
            await ledger.run(aurora.writing, said)
        assert advice in refused.value.fields["reason"]


async def test_an_event_of_another_brand_does_not_exist(ledger: Database, aurora: Minted, rosa: UUID) -> None:
    event_id, bosco = await proposed(ledger, aurora, rosa), await mint_brand(ledger, "Bosco")
    with pytest.raises(NoRelief):
        await ledger.run(bosco.writing, lambda db: accept(db, event_id, by=rosa))


async def test_silence_accepts_at_the_instant_that_the_contract_says_and_once(
    ledger: Database, aurora: Minted, rosa: UUID, clock: SteppedClock
) -> None:
    await silence_after(ledger, aurora, 10)
    event_id, due_at = await proposed(ledger, aurora, rosa), clock.now() + 10 * DAY
    clock.move_to(due_at - timedelta(microseconds=1))
    assert await ledger.run(aurora.writing, accept_by_silence) == 0
    clock.move_to(due_at + DAY)
    assert await ledger.run(aurora.writing, accept_by_silence) == 1
    assert await ledger.run(aurora.writing, accept_by_silence) == 0
    async with ledger.begin(aurora.reading) as db:
        event = await event_in(db, aurora, event_id)
        fact = (await db.scalars(select(LedgerEvent).where(LedgerEvent.kind == "relief.accepted"))).one()
    assert (event.state, event.decided_side, event.decided_by) == ("accepted", "silence", None)
    assert event.decided_at == fact.at == due_at


@pytest.mark.parametrize("verb", [_accept, _contest, _withdraw])
async def test_from_that_instant_on_nobody_decides_any_more(
    ledger: Database, aurora: Minted, rosa: UUID, clock: SteppedClock, verb: Verb
) -> None:
    await silence_after(ledger, aurora, 10)
    event_id = await proposed(ledger, aurora, rosa)
    clock.advance(10 * DAY)
    with pytest.raises(Undecidable, match="silence has accepted"):
        await ledger.run(aurora.writing, lambda db: verb(db, event_id, rosa))
