"""Why the customer wrote."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.choices import REASON
from portavoce.conversations.closing import close
from portavoce.conversations.defining import add_choice, retire_choice
from portavoce.conversations.errors import HeldByOther, NoInteraction, NotHeld, ReasonMissing, UnknownReason
from portavoce.conversations.reasons import choose_reason
from portavoce.conversations.thread_queries import conversation_view
from tests.consistency import contradictions
from tests.floor import Floor, data

ASKING = LineSettings(work_mode="assisted", reason_required=True, acw_mode="off", acw_s=120)


async def add(floor: Floor, label: str, parent: UUID | None = None) -> UUID:
    lob = floor.aurora.lob_id
    return await floor.do(add_choice, lob, kind=REASON, label=label, parent_id=parent, by="admin")


async def shown(floor: Floor, contact: UUID) -> tuple[str, ...]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return (await conversation_view(db, contact)).reason


async def test_it_is_chosen_at_work_shown_with_its_path_and_written_in_the_ledger(floor: Floor) -> None:
    parcel = await add(floor, "Pacco")
    await add(floor, "In ritardo", parcel)
    await add(floor, "Altro")
    contact = await floor.held()
    assert await shown(floor, contact) == ()
    before = await floor.last_n()
    await floor.do(choose_reason, contact, "in_ritardo", by=floor.anna)
    assert await shown(floor, contact) == ("Pacco", "In ritardo")
    await floor.do(choose_reason, contact, "in_ritardo", by=floor.anna)
    await floor.do(choose_reason, contact, "altro", by=floor.anna)
    first, second = await floor.facts(before)
    assert (first.kind, first.interaction_id, first.brand_agent_id) == (
        "reason.chosen", contact, floor.anna.id,
    )  # fmt: skip
    assert (data(first), data(second)) == (
        {"reason": "in_ritardo", "before": None}, {"reason": "altro", "before": "in_ritardo"},
    )  # fmt: skip
    assert "Pacco" not in first.body
    assert await contradictions(floor) == []


async def test_only_a_leaf_of_the_reasons_is_one(floor: Floor) -> None:
    await add(floor, "In ritardo", await add(floor, "Pacco"))
    contact = await floor.held()
    for code in ("pacco", "solved", "", "invented"):
        with pytest.raises(UnknownReason):
            await floor.do(choose_reason, contact, code, by=floor.anna)
    assert (await floor.contact(contact)).reason_id is None


async def test_only_its_holder_says_why(floor: Floor) -> None:
    await add(floor, "Pacco")
    with pytest.raises(HeldByOther):
        await floor.do(choose_reason, await floor.held(), "pacco", by=floor.bruno)
    with pytest.raises(NotHeld):
        await floor.do(choose_reason, await floor.waiting(), "pacco", by=floor.anna)
    with pytest.raises(NoInteraction):
        await floor.do(choose_reason, await floor.held(at=floor.world.bosco), "pacco", by=floor.anna)


async def test_a_line_that_asks_closes_nothing_without(floor: Floor) -> None:
    await floor.do(set_line, floor.aurora.lob_id, ASKING, by="admin")
    first, second = await floor.held(), await floor.held()
    await floor.do(close, first, "solved", by=floor.anna)  # there is nothing to choose yet
    await add(floor, "Pacco")
    with pytest.raises(ReasonMissing) as refusal:
        await floor.do(close, second, "solved", by=floor.anna)
    assert "reason" in refusal.value.fields
    assert (await floor.contact(second)).state == "assigned"
    with pytest.raises(UnknownReason):
        await floor.do(close, second, "solved", by=floor.anna, reason="invented")
    await floor.do(close, second, "solved", by=floor.anna, reason="pacco")
    assert [fact.kind for fact in (await floor.facts())[-2:]] == ["reason.chosen", "interaction.closed"]
    assert await shown(floor, second) == ("Pacco",)


async def test_what_was_said_before_is_enough_even_when_it_is_retired_by_then(floor: Floor) -> None:
    await floor.do(set_line, floor.aurora.lob_id, ASKING, by="admin")
    parcel = await add(floor, "Pacco")
    await add(floor, "Altro")
    contact = await floor.held()
    await floor.do(choose_reason, contact, "pacco", by=floor.anna)
    await floor.do(retire_choice, parcel, by="admin")
    await floor.do(close, contact, "solved", by=floor.anna)
    assert await shown(floor, contact) == ("Pacco",)
