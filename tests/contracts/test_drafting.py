"""The draft of a contract's next version: opened as a copy, written clause by clause, discarded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from portavoce.contracts.drafting import discard_draft, open_draft, remove_clause, set_terms
from portavoce.contracts.errors import BadClause, BadTerms, NoClause, NoDraft
from portavoce.contracts.models import Clause, ClauseDraft, ContractDraft
from portavoce.contracts.promising import BACK_OFFICE, promise_of_client
from tests.contracts.writing import write
from tests.floor import Floor


async def order(floor: Floor) -> list[tuple[str, int, int | None]]:
    rows = await floor.rows(ClauseDraft)
    return sorted((row.metric, row.ordinal, row.target_s) for row in rows)


async def test_it_begins_as_the_latest_version_without_what_the_client_promised(floor: Floor) -> None:
    (first,) = await floor.rows(Clause)
    assert first.calendar_id is not None
    await floor.do(promise_of_client, BACK_OFFICE, timedelta(hours=8), first.calendar_id)
    draft = await floor.do(open_draft)
    (copied,) = await floor.rows(ClauseDraft)
    assert (copied.copied_from, copied.metric, copied.target_s) == (first.id, "first_response", 4 * 3600)
    assert await floor.do(open_draft) == draft
    assert len(await floor.rows(ContractDraft)) == 1


async def test_clauses_of_one_metric_are_numbered_in_order_and_one_can_be_made_to_lead(floor: Floor) -> None:
    await floor.do(open_draft)
    await write(floor, threshold_s=100)
    second = await write(floor, threshold_s=200)
    third = await write(floor, threshold_s=300, leads=True)
    leading = ("first_response", 1, 14_400)
    assert await order(floor) == [
        leading,
        ("resolution", 1, 300),
        ("resolution", 2, 100),
        ("resolution", 3, 200),
    ]
    await floor.do(remove_clause, third)
    assert await order(floor) == [leading, ("resolution", 1, 100), ("resolution", 2, 200)]
    await write(floor, second, threshold_s=250, leads=True)
    assert await order(floor) == [leading, ("resolution", 1, 250), ("resolution", 2, 100)]
    await write(floor, second, metric="next_response", threshold_s=60)
    assert await order(floor) == [leading, ("next_response", 1, 60), ("resolution", 1, 100)]


async def test_what_it_does_not_have_cannot_be_changed_and_nothing_is(floor: Floor) -> None:
    with pytest.raises(NoDraft):
        await write(floor)
    await floor.do(open_draft)
    before = await order(floor)
    for doing in (lambda: write(floor, uuid4()), lambda: floor.do(remove_clause, uuid4())):
        with pytest.raises(NoClause):
            await doing()
    strange: list[dict[str, Any]] = [{"lob_id": floor.world.bosco.lob_id}, {"calendar_id": uuid4()}]
    for said in strange:
        with pytest.raises(BadClause):
            await write(floor, **said)
    assert await order(floor) == before


async def test_fee_and_caps_are_kept_within_bounds(floor: Floor) -> None:
    await floor.do(open_draft)
    await floor.do(
        set_terms, fee_cents=180_000, credit_cap_bp=1_000, bonus_cap_bp=None, relief_silence_days=366
    )
    with pytest.raises(BadTerms) as refused:
        await floor.do(
            set_terms, fee_cents=-1, credit_cap_bp=10_001, bonus_cap_bp=-1, relief_silence_days=367
        )
    assert set(refused.value.fields) == {"fee", "credit_cap", "bonus_cap", "relief_silence"}
    (draft,) = await floor.rows(ContractDraft)
    assert (draft.fee_cents, draft.credit_cap_bp, draft.bonus_cap_bp) == (180_000, 1_000, None)
    assert draft.relief_silence_days == 366


async def test_a_discarded_draft_leaves_nothing(floor: Floor) -> None:
    await floor.do(open_draft)
    await floor.do(discard_draft)
    assert await floor.rows(ContractDraft) == []
    assert await floor.rows(ClauseDraft) == []
    assert len(await floor.rows(Clause)) == 1
