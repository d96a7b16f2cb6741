"""Two contacts of one customer become one: what goes on, what is closed, what is counted, where mail then arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portavoce.conversations.approvals.asking import WAITS
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.complaining import complain
from portavoce.conversations.desk_queries import queue_of_brands
from portavoce.conversations.errors import HeldByOther, NotClosed, NotHeld
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Message
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import reply
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.thread_queries import conversation_view
from portavoce.conversations.threads.errors import CannotMerge
from portavoce.conversations.threads.merging import (
    COMPLAINT,
    LEAVING,
    NOT_OPEN,
    OTHER_CUSTOMER,
    TAKEN_IN,
    merge_contacts,
)
from portavoce.core.db import REPORT
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.approvals.approved import awaiting, rosa
from tests.conversations.threads.twice import answered, left, thread_of, twice
from tests.database import NOON
from tests.floor import Floor, at_once, data, failures
from tests.world import HOUSE_NAME


async def figures(floor: Floor) -> dict[str, int]:
    """Of March, as the client's report counts them."""
    await catch_up(floor.database, floor.aurora.id)
    async with floor.database.begin(floor.aurora.reading, role=REPORT, snapshot=True) as db:
        anchor = Anchor(*await last_fact(db, floor.aurora.id), floor.clock.now())
        report = await read_month_report(db, floor.aurora.id, "Europe/Rome", Month(2026, 3), anchor)
    return {name: report.count(name) for name in ("received", "answered", "within", "late", "running")}


async def sound(floor: Floor) -> bool:
    found = await contradictions(floor)
    assert found == []
    return not await verify_books(floor.database, [floor.aurora.id])


async def test_the_one_due_first_goes_on_and_the_other_is_closed_as_merged_into_it(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(focus, first, by=floor.anna)
    merge = await floor.do(merge_contacts, first, second, by=floor.anna)
    assert (merge.kept_id, merge.dropped_id) == (first, second)
    kept, dropped = await floor.contact(first), await floor.contact(second)
    assert (kept.state, kept.brand_agent_id) == ("assigned", floor.anna.id)
    assert (dropped.state, dropped.closed_at, (await floor.work(second)).state) == (
        "closed",
        floor.clock.now(),
        "done",
    )
    facts = {fact.kind: fact for fact in await floor.facts()}
    told = facts["interaction.merged"]
    assert (told.interaction_id, told.from_state, told.to_state) == (second, "waiting", "closed")
    assert data(told) == {"disposition": "merged", "into": str(first)}
    assert facts["thread.joined"].interaction_id == first
    assert (await floor.slot()).used == 1
    assert await figures(floor) == {"received": 1, "answered": 0, "within": 0, "late": 0, "running": 1}
    assert await sound(floor)


async def test_the_agent_holds_the_older_one_then_though_the_newer_one_was_open(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(release, first, by=floor.anna)
    await floor.do(claim, second, by=floor.anna)
    await floor.do(focus, second, by=floor.anna)
    due = (await floor.contact(first)).due_at
    merge = await floor.do(merge_contacts, second, first, by=floor.anna)
    kept = await floor.contact(merge.kept_id)
    assert (kept.id, kept.state, kept.brand_agent_id, kept.due_at) == (first, "assigned", floor.anna.id, due)
    assert (await floor.slot()).used == 1
    assert await sound(floor)


async def test_an_answered_one_goes_into_the_one_that_nobody_answered_and_counts_as_it_did(
    floor: Floor,
) -> None:
    first, second = await twice(floor)
    await answered(floor, first)
    merge = await floor.do(merge_contacts, first, second, by=floor.anna)
    assert merge.kept_id == second
    assert await figures(floor) == {"received": 2, "answered": 1, "within": 1, "late": 0, "running": 1}
    await answered(floor, second)
    assert await figures(floor) == {"received": 2, "answered": 2, "within": 2, "late": 0, "running": 0}
    assert await sound(floor)


async def test_what_is_late_already_cannot_be_merged_away(floor: Floor) -> None:
    first, second = await twice(floor)
    floor.later(days=20)
    before = await figures(floor)
    assert before["late"] == 2
    await floor.do(merge_contacts, first, second, by=floor.anna)
    assert await figures(floor) == before


async def test_late_after_the_merge_is_late_once(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    floor.later(days=20)
    assert await figures(floor) == {"received": 1, "answered": 0, "within": 0, "late": 1, "running": 0}


async def test_all_is_read_in_one_timeline_and_later_mail_to_either_arrives_there(floor: Floor) -> None:
    first, second = await twice(floor)
    gone = await thread_of(floor, second)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    late = await floor.write_in(thread=gone)
    assert (late.interaction_id, late.conversation_id) == (first, await thread_of(floor, first))
    async with floor.database.begin(floor.aurora.reading) as db:
        view = await conversation_view(db, first)
        of_the_other = await conversation_view(db, second)
    assert [each.interaction_id for each in view.messages] == [first, second, first]
    assert [each.conversation_id == gone for each in view.messages] == [False, True, False]
    assert of_the_other.head.merged_into == first
    assert [each.interaction_id for each in of_the_other.messages] == [second]
    moved = [each.conversation_id for each in await floor.rows(Message) if each.interaction_id == second]
    assert moved == [gone]


async def test_mail_that_arrives_while_they_are_merged_wakes_nothing_that_is_gone(floor: Floor) -> None:
    for each in range(5):
        first, second = await twice(floor, sender=f"c{each}@customer.example")
        gone = await thread_of(floor, second)
        results = await at_once(
            floor.do(merge_contacts, first, second, by=floor.anna),
            floor.write_in(thread=gone, sender=f"c{each}@customer.example"),
        )
        assert failures(results) == []
        assert (await floor.contact(second)).state == "closed"
        assert (await floor.contact(first)).state == "assigned"
    assert await sound(floor)


async def test_what_was_merged_is_not_reopened_by_hand_and_waits_nowhere(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    with pytest.raises(NotClosed):
        await floor.do(reopen, second, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await queue_of_brands(db, [floor.aurora.id], 50) == []


async def test_only_open_contacts_of_one_customer_that_nobody_else_has(floor: Floor) -> None:
    first, second = await twice(floor)
    stranger = (await floor.write_in(sender="ugo@customer.example")).interaction_id
    n = await floor.last_n()
    for other, why in ((stranger, OTHER_CUSTOMER), (first, OTHER_CUSTOMER)):
        with pytest.raises(CannotMerge, match=why):
            await floor.do(merge_contacts, first, other, by=floor.anna)
    await floor.do(claim, second, by=floor.bruno)
    with pytest.raises(CannotMerge, match=NOT_OPEN):
        await floor.do(merge_contacts, first, second, by=floor.anna)
    with pytest.raises(HeldByOther):
        await floor.do(merge_contacts, first, second, by=floor.bruno)
    await floor.do(set_aside, second, "snoozed", NOON + timedelta(days=1), by=floor.bruno)
    with pytest.raises(CannotMerge, match=NOT_OPEN):
        await floor.do(merge_contacts, first, second, by=floor.anna)
    await floor.do(release, first, by=floor.anna)
    with pytest.raises(NotHeld):
        await floor.do(merge_contacts, first, second, by=floor.anna)
    assert not [kind for kind in await floor.told(n) if "merged" in kind]


async def test_one_with_an_answer_under_way_is_not_closed(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(claim, second, by=floor.anna)
    await floor.do(reply, second, "Ecco.", by=floor.anna)
    with pytest.raises(CannotMerge, match=LEAVING):
        await floor.do(merge_contacts, first, second, by=floor.anna)
    assert (await floor.contact(second)).state == "assigned"


async def test_one_whose_reply_waits_for_the_clients_approval_is_not_closed(floor: Floor) -> None:
    first, second = await twice(floor)
    await rosa(floor)
    await floor.do(claim, second, by=floor.anna)
    await awaiting(floor, second)
    with pytest.raises(CannotMerge, match=WAITS):
        await floor.do(merge_contacts, first, second, by=floor.anna)
    assert (await floor.contact(second)).state == "assigned"


async def test_one_that_took_another_in_is_not_closed(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    await answered(floor, first)
    third = (await floor.write_in()).interaction_id
    with pytest.raises(CannotMerge, match=TAKEN_IN):
        await floor.do(merge_contacts, first, third, by=floor.anna)
    assert await sound(floor)


async def test_a_complaint_stays_a_contact_of_its_own(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(claim, second, by=floor.anna)
    await floor.do(complain, second, house=HOUSE_NAME, by=floor.anna)
    for row in await floor.rows(Message):
        if row.interaction_id == second and row.direction == "out":
            await left(floor, row.id)
    with pytest.raises(CannotMerge, match=COMPLAINT):
        await floor.do(merge_contacts, first, second, by=floor.anna)
