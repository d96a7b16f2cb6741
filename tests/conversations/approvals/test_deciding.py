"""The client's decision: the reply leaves once as any other, or is its writer's again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.conversations.approvals.deciding import approve, send_back
from portavoce.conversations.approvals.errors import Decided, NoApproval
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.delivery import mark_sent
from portavoce.conversations.drafting import drafts_of, keep_draft
from portavoce.conversations.errors import EmptyText, TooLate
from portavoce.conversations.models import Message
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.withdrawing import withdraw
from portavoce.core.errors import Problem
from tests.consistency import contradictions
from tests.conversations.approvals.approved import REPLY, approval_of, awaiting, rosa
from tests.conversations.test_delivery import mark
from tests.database import NOON
from tests.depth import scaled
from tests.floor import PERSONAL, Floor, at_once, data, failures

COMMENT = "Scrivete la data esatta."
ROUNDS = scaled(2, deep=100)


async def test_an_approved_reply_is_queued_with_a_trace_and_stops_the_clock_when_it_leaves(
    floor: Floor,
) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    approval = await approval_of(floor, message)
    floor.later(hours=1)
    floor.pokes.clear()
    before = await floor.last_n()
    await floor.do(approve, approval.id, person_id=by)
    row = await floor.get(Message, message.id)
    assert (row.state, row.body, row.author) == ("queued", REPLY, message.author)
    decided = await approval_of(floor, message)
    assert (decided.state, decided.decided_by) == ("approved", by)
    facts = await floor.facts(before)
    assert [each.kind for each in facts] == ["approval.approved", "message.queued"]
    assert {each.actor for each in facts} == {"client"}
    said = " ".join(each.body.lower() for each in facts)
    assert not [word for word in (REPLY.lower(), "rosa", str(by), *PERSONAL) if word in said]
    (entry,) = [each for each in await floor.rows(AuditEntry) if each.action == "approval.approved"]
    assert (entry.actor, entry.subject_id, facts[0].cause_id) == ("client", approval.id, entry.id)
    assert {(each.view, each.id) for each in floor.pokes} >= {
        ("interaction", message.interaction_id), ("person", floor.world.anna.agent_id),
    }  # fmt: skip
    assert (await floor.contact(message.interaction_id)).first_response_at is None
    floor.later(hours=1)
    await mark(floor, message.id, mark_sent)
    assert (await floor.contact(message.interaction_id)).first_response_at == NOON + timedelta(hours=2)
    assert await contradictions(floor) == []


async def test_a_second_click_of_the_same_person_changes_nothing_and_another_person_is_told(
    floor: Floor,
) -> None:
    one, other, message = await rosa(floor), await rosa(floor), await awaiting(floor)
    approval = await approval_of(floor, message)
    await floor.do(approve, approval.id, person_id=one)
    before = await floor.last_n()
    await floor.do(approve, approval.id, person_id=one)
    for late in (
        floor.do(approve, approval.id, person_id=other),
        floor.do(send_back, approval.id, COMMENT, person_id=one),
    ):
        with pytest.raises(Decided):
            await late
    assert await floor.facts(before) == []
    assert (await floor.get(Message, message.id)).state == "queued"


async def test_what_is_sent_back_is_a_note_a_draft_and_never_leaves(floor: Floor) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    approval, contact = await approval_of(floor, message), message.interaction_id
    before = await floor.last_n()
    await floor.do(send_back, approval.id, COMMENT, person_id=by)
    row = await floor.get(Message, message.id)
    assert (row.state, row.failure) == ("withdrawn", "The client sent it back.")
    note = (await floor.rows(Message))[-1]
    assert (note.direction, note.body, note.author) == ("note", COMMENT, "Rosa, approver")
    assert await floor.do(drafts_of, contact, floor.world.anna.agent_id) == {"reply": REPLY}
    assert (await floor.contact(contact)).state == "assigned"
    facts = await floor.facts(before)
    assert [each.kind for each in facts] == ["note.added", "approval.returned"]
    said = " ".join(each.body.lower() for each in facts)
    assert not [word for word in (COMMENT.lower(), "rosa", str(by), *PERSONAL) if word in said]
    with pytest.raises(Decided):
        await floor.do(approve, approval.id, person_id=by)
    assert await contradictions(floor) == []


async def aside(floor: Floor, contact: UUID) -> None:
    await floor.do(set_aside, contact, "snoozed", NOON + timedelta(days=1), by=floor.anna)


async def given_back(floor: Floor, contact: UUID) -> None:
    await floor.do(release, contact, by=floor.anna)


@pytest.mark.parametrize("left", [aside, pytest.param(given_back, marks=pytest.mark.deep)])
async def test_one_left_alone_comes_back_to_its_writer_or_first_in_line(
    floor: Floor, left: Callable[[Floor, UUID], Awaitable[None]]
) -> None:
    by = await rosa(floor)
    for there in (True, False):
        message = await awaiting(floor)
        await left(floor, message.interaction_id)
        if not there:
            await floor.choose("offline")
        await floor.do(send_back, (await approval_of(floor, message)).id, COMMENT, person_id=by)
        row, work = await floor.contact(message.interaction_id), await floor.work(message.interaction_id)
        if there:
            assert (row.state, row.brand_agent_id, work.wakes_at) == ("assigned", floor.anna.id, None)
        else:
            assert (row.state, work.state, work.wakes_at) == ("waiting", "waiting", None)
            assert work.ahead_since is not None
    assert await contradictions(floor) == []


async def test_whoever_holds_the_contact_by_then_has_the_text_before_what_they_began(floor: Floor) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    contact = message.interaction_id
    await floor.do(release, contact, by=floor.anna)
    await floor.do(claim, contact, by=floor.bruno)
    await floor.do(keep_draft, contact, "reply", "Intanto", by=floor.bruno)
    await floor.do(send_back, (await approval_of(floor, message)).id, COMMENT, person_id=by)
    assert (await floor.contact(contact)).brand_agent_id == floor.bruno.id
    kept = await floor.do(drafts_of, contact, floor.world.bruno.agent_id)
    assert kept == {"reply": f"{REPLY}\n\nIntanto"}
    assert await contradictions(floor) == []


async def test_the_fact_says_whether_it_was_in_time(floor: Floor) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    async with floor.database.begin(floor.aurora.writing) as db:
        row = await db.get_one(ReplyApproval, (floor.aurora.id, (await approval_of(floor, message)).id))
        row.due_at = NOON + timedelta(hours=1)
    floor.later(hours=2)
    await floor.do(approve, row.id, person_id=by)
    (fact,) = [each for each in await floor.facts() if each.kind == "approval.approved"]
    assert (data(fact)["met"], data(fact)["approval"]) == (False, str(row.id))


async def test_a_comment_is_needed_and_what_was_taken_back_or_never_was_is_refused(floor: Floor) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    approval = await approval_of(floor, message)
    with pytest.raises(EmptyText):
        await floor.do(send_back, approval.id, " ", person_id=by)
    assert (await approval_of(floor, message)).state == "open"
    await floor.do(withdraw, message.id, by=floor.anna)
    with pytest.raises(Decided):
        await floor.do(approve, approval.id, person_id=by)
    assert (await floor.get(Message, message.id)).state == "withdrawn"
    with pytest.raises(NoApproval):
        await floor.do(approve, message.interaction_id, person_id=by)


async def test_of_all_who_decide_or_take_back_at_once_one_wins(floor: Floor) -> None:
    """FT-11 for approvals: queued once, or not at all."""
    one, other = await rosa(floor), await rosa(floor)
    ends = set()
    for turn in range(ROUNDS):
        message = await awaiting(floor)
        approval = await approval_of(floor, message)
        calls = [
            floor.do(approve, approval.id, person_id=one),
            floor.do(withdraw, message.id, by=floor.anna),
            floor.do(approve, approval.id, person_id=other),
            floor.do(send_back, approval.id, COMMENT, person_id=other),
        ]
        results = await at_once(*calls[turn % 4 :], *calls[: turn % 4])
        assert failures(results, Problem) == []
        row, end = await floor.get(Message, message.id), await approval_of(floor, message)
        assert row.state == ("queued" if end.state == "approved" else "withdrawn")
        ends.add(end.state)
        facts = [each.kind for each in await floor.facts() if each.interaction_id == message.interaction_id]
        assert facts.count("message.queued") == (end.state == "approved")
        assert sum(facts.count(f"approval.{how}") for how in ("approved", "returned", "recalled")) == 1
        if end.state == "approved":
            await mark(floor, message.id, mark_sent)
            with pytest.raises(TooLate):
                await floor.do(withdraw, message.id, by=floor.anna)
        await floor.do(release, message.interaction_id, by=floor.anna)
    assert ends <= {"approved", "recalled", "returned"}
    assert await contradictions(floor) == []
