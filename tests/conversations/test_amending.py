"""Putting right how a contact ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.conversations.amending import AMENDABLE, amend
from portavoce.conversations.choices import REASON
from portavoce.conversations.closing import close
from portavoce.conversations.defining import add_choice
from portavoce.conversations.errors import NoInteraction, NotClosed, TooLate, UnknownDisposition
from portavoce.conversations.models import Closure
from portavoce.conversations.reopening import reopen
from tests.consistency import contradictions
from tests.floor import Floor, data


async def test_outcome_note_and_reason_are_corrected_in_the_same_closing(floor: Floor) -> None:
    contact = await floor.closed()
    await floor.do(add_choice, floor.aurora.lob_id, kind=REASON, label="Pacco", by="admin")
    before = await floor.last_n()
    for _ in range(2):
        await floor.do(amend, contact, "informed", by=floor.anna, note="Richiamare", reason="pacco")
    (closure,) = await floor.rows(Closure)
    assert closure.note == "Richiamare"
    reason, amended = await floor.facts(before)
    assert (reason.kind, amended.kind) == ("reason.chosen", "closure.amended")
    assert data(amended) == {"disposition": "informed", "before": "solved"}
    assert "Richiamare" not in amended.body
    assert await contradictions(floor) == []


async def test_only_who_closed_it_and_only_for_a_while(floor: Floor) -> None:
    contact = await floor.closed()
    with pytest.raises(TooLate):
        await floor.do(amend, contact, "informed", by=floor.bruno)
    floor.clock.advance(AMENDABLE)
    await floor.do(amend, contact, "informed", by=floor.anna)
    floor.later(seconds=1)
    with pytest.raises(TooLate):
        await floor.do(amend, contact, "solved", by=floor.anna)


async def test_what_is_open_or_another_brands_has_no_ending_to_correct(floor: Floor) -> None:
    contact = await floor.closed()
    await floor.do(reopen, contact, by=floor.anna)
    with pytest.raises(NotClosed):
        await floor.do(amend, contact, "informed", by=floor.anna)
    bosco = floor.world.bosco
    theirs = await floor.held(at=bosco)
    await floor.do(close, theirs, "solved", by=floor.world.anna.at(bosco), at=bosco)
    with pytest.raises(NoInteraction):
        await floor.do(amend, theirs, "informed", by=floor.anna)


async def test_an_unknown_outcome_corrects_nothing(floor: Floor) -> None:
    contact = await floor.closed()
    floor.clock.advance(timedelta(minutes=1))
    with pytest.raises(UnknownDisposition):
        await floor.do(amend, contact, "invented", by=floor.anna, note="x")
    assert [each.note for each in await floor.rows(Closure)] == [""]
