"""A draft becomes the next version from a moment still to come; what was opened before keeps its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.contracts.drafting import discard_draft, latest_version, open_draft, set_terms
from portavoce.contracts.errors import BadStart, NoDraft
from portavoce.contracts.models import Clause, ClauseDraft, ContractDraft, ContractVersion
from portavoce.contracts.promising import BACK_OFFICE, promise_of_client
from portavoce.contracts.publishing import publish
from portavoce.contracts.queries import version_in_force
from portavoce.ledger.models import LedgerEvent
from tests.contracts.writing import published, write
from tests.floor import Floor

HOUR = timedelta(hours=1)


async def in_force(floor: Floor) -> UUID:
    return await floor.do(version_in_force, floor.clock.now())


async def test_it_holds_from_its_moment_on_with_every_clause_and_is_told(floor: Floor) -> None:
    old = await in_force(floor)
    await floor.do(open_draft)
    await write(floor)
    await floor.do(
        set_terms, fee_cents=180_000, credit_cap_bp=1_000, bonus_cap_bp=500, relief_silence_days=10
    )
    starts = floor.clock.now() + 3 * HOUR
    made = await floor.do(publish, starts, by=floor.world.elena)
    version = {row.number: row for row in await floor.rows(ContractVersion)}[2]
    assert (version.state, version.valid_from, version.fee_cents) == ("unpriced", starts, 180_000)
    assert (version.credit_cap_bp, version.bonus_cap_bp, version.published_by) == (
        1_000,
        500,
        floor.world.elena,
    )
    assert version.relief_silence_days == 10
    await floor.do(open_draft)
    assert [row.relief_silence_days for row in await floor.rows(ContractDraft)] == [10]
    await floor.do(discard_draft)
    new = [row for row in await floor.rows(Clause) if row.contract_version_id == made.id]
    assert sorted(row.metric for row in new) == ["first_response", "resolution"]
    assert await floor.rows(ContractDraft) == []
    assert await floor.rows(ClauseDraft) == []
    assert await in_force(floor) == old
    floor.clock.advance(3 * HOUR)
    assert await in_force(floor) == made.id
    (fact,) = [row for row in await floor.rows(LedgerEvent) if row.kind == "contract.published"]
    assert '"version":2' in fact.body
    assert fact.contract_version_id == old
    assert "contract.published" in {row.action for row in await floor.rows(AuditEntry)}


async def test_what_was_opened_before_keeps_its_version(floor: Floor) -> None:
    before = await floor.waiting()
    old = (await floor.contact(before)).contract_version_id
    await published(floor)
    floor.clock.advance(HOUR)
    assert (await floor.contact(before)).contract_version_id == old
    after = await floor.contact(await floor.waiting())
    assert after.contract_version_id == (await floor.do(latest_version)).id != old


async def test_without_a_moment_it_begins_with_the_next_full_minute(floor: Floor) -> None:
    floor.clock.advance(timedelta(seconds=12))
    await floor.do(open_draft)
    made = await floor.do(publish)
    assert (made.valid_from.second, made.valid_from > floor.clock.now()) == (0, True)
    assert made.valid_from - floor.clock.now() <= timedelta(minutes=1)


async def test_it_never_begins_in_the_past_or_before_the_latest(floor: Floor) -> None:
    await floor.do(open_draft)
    at = floor.clock.advance(HOUR)
    with pytest.raises(BadStart):
        await floor.do(publish, at - HOUR / 2)
    await floor.do(publish, at + 5 * HOUR)
    await floor.do(open_draft)
    for wrong in (timedelta(microseconds=-1), 4 * HOUR, 5 * HOUR, timedelta(days=20_000)):
        with pytest.raises(BadStart):
            await floor.do(publish, at + wrong)
    assert len(await floor.rows(ContractVersion)) == 2
    assert (await floor.do(publish, at + 6 * HOUR)).number == 3


async def test_of_two_at_once_one_is_told_that_the_other_was_first(floor: Floor) -> None:
    await floor.do(open_draft)
    results = await asyncio.gather(floor.do(publish), floor.do(publish), return_exceptions=True)
    assert [type(each) for each in results if isinstance(each, Exception)] == [NoDraft]
    assert len(await floor.rows(ContractVersion)) == 2


async def test_the_clients_own_promise_goes_along_and_is_changed_in_what_is_to_come(floor: Floor) -> None:
    calendar = (await floor.rows(Clause))[0].calendar_id
    assert calendar is not None
    await floor.do(promise_of_client, BACK_OFFICE, 8 * HOUR, calendar)
    await floor.do(open_draft)
    await floor.do(publish, floor.clock.now() + HOUR)

    async def promised() -> list[int | None]:
        return [row.target_s for row in await floor.rows(Clause) if row.metric == BACK_OFFICE]

    assert await promised() == [8 * 3600] * 2
    await floor.do(promise_of_client, BACK_OFFICE, 4 * HOUR, calendar)
    assert await promised() == [4 * 3600] * 2
    await floor.do(promise_of_client, BACK_OFFICE, None, calendar)
    assert await promised() == []
