"""Exactly one of the client's people takes a lead, and says what became of it."""

from __future__ import annotations

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.conversations.leads.errors import BadLead, NoLead, TakenByOther
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.taking import end_lead, take_lead
from tests.conversations.leads.passed import passed, taker
from tests.database import NOON
from tests.depth import scaled
from tests.floor import PERSONAL, Floor, at_once, failures

NOTE = "Ha comprato il grande."
ROUNDS = scaled(2, deep=100)


async def test_one_takes_it_and_says_how_it_ended_with_a_trace(floor: Floor) -> None:
    one, lead = await taker(floor), await passed(floor)
    before = await floor.last_n()
    floor.pokes.clear()
    await floor.do(take_lead, lead.id, person_id=one)
    await floor.do(end_lead, lead.id, "won", NOTE, person_id=one)
    row = await floor.get(Lead, lead.id)
    assert (row.state, row.taken_by, row.taken_at, row.ended_at, row.note) == ("won", one, NOON, NOON, NOTE)
    facts = await floor.facts(before)
    assert [(each.kind, each.from_state, each.to_state) for each in facts] == [
        ("lead.taken", "open", "taken"), ("lead.won", "taken", "won"),
    ]  # fmt: skip
    assert {each.actor for each in facts} == {"client"}
    said = " ".join(each.body.lower() for each in facts)
    assert not [word for word in (NOTE.lower(), "piero", str(one), *PERSONAL) if word in said]
    entries = {each.id for each in await floor.rows(AuditEntry) if each.subject == "lead"}
    assert {each.cause_id for each in facts} == entries
    assert ("interaction", lead.interaction_id) in {(each.view, each.id) for each in floor.pokes}


async def test_said_twice_it_stays_as_it_was_and_others_are_told(floor: Floor) -> None:
    one, other, lead = await taker(floor), await taker(floor), await passed(floor)
    with pytest.raises(TakenByOther):
        await floor.do(end_lead, lead.id, "won", NOTE, person_id=one)
    await floor.do(take_lead, lead.id, person_id=one)
    await floor.do(take_lead, lead.id, person_id=one)
    with pytest.raises(TakenByOther):
        await floor.do(take_lead, lead.id, person_id=other)
    with pytest.raises(TakenByOther):
        await floor.do(end_lead, lead.id, "won", NOTE, person_id=other)
    for result, note in (("sold", NOTE), ("won", "x" * 1001)):
        with pytest.raises(BadLead):
            await floor.do(end_lead, lead.id, result, note, person_id=one)
    await floor.do(end_lead, lead.id, "lost", NOTE, person_id=one)
    before = await floor.last_n()
    await floor.do(end_lead, lead.id, "lost", NOTE, person_id=one)
    assert await floor.facts(before) == []
    with pytest.raises(TakenByOther):
        await floor.do(end_lead, lead.id, "won", NOTE, person_id=one)
    with pytest.raises(NoLead):
        await floor.do(take_lead, lead.id, person_id=one, at=floor.world.bosco)
    assert (await floor.get(Lead, lead.id)).state == "lost"


async def test_of_all_who_reach_for_it_at_once_one_has_it(floor: Floor) -> None:
    """FT-11 for leads."""
    everybody = [await taker(floor) for _ in range(4)]
    contact = await floor.held()
    for _ in range(ROUNDS):
        lead = await passed(floor, contact)
        before = await floor.last_n()
        results = await at_once(*[floor.do(take_lead, lead.id, person_id=each) for each in everybody])
        assert len(failures(results)) == len(everybody) - 1
        assert failures(results, TakenByOther) == []
        assert [each.kind for each in await floor.facts(before)] == ["lead.taken"]
        assert (await floor.get(Lead, lead.id)).taken_by in everybody
