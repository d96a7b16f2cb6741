"""The brand answered past us: it stands there, nothing else happens, and what we had written is read before it leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations import delivery
from portavoce.conversations.aftercare import Mention
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.complaining import complain
from portavoce.conversations.desk_queries import queue_of_brands
from portavoce.conversations.drafting import kept_for
from portavoce.conversations.errors import AnsweredMeanwhile, NothingAsked
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.native_answers import FIRST, NativeAnswer, Taken, take_native
from portavoce.conversations.replying import Seen, note, reply
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.thread_queries import conversation_view
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.core.unit import Poke
from portavoce.reporting.verifying import verify_books
from tests.consistency import contradictions
from tests.conversations.approvals.approved import approval_of, awaiting, rosa
from tests.conversations.test_delivery import mark
from tests.conversations.threads.twice import twice
from tests.database import NOON
from tests.depth import scaled
from tests.floor import PERSONAL, Floor, at_once, failures
from tests.world import HOUSE_NAME

WORDS = "Le mandiamo un tecnico domani."
Before = Callable[[Floor], Awaitable[UUID]]


async def native(floor: Floor, interaction: UUID, *, key: str = "<1@aurora.example>") -> Taken:
    thread = (await floor.contact(interaction)).conversation_id

    async def take(db: AsyncSession) -> Taken:
        conversation = await db.get_one(Conversation, (floor.aurora.id, thread))
        return await take_native(
            db,
            NativeAnswer(
                conversation=conversation, channel="email", key=key, author="Laura Conti", body=WORDS, quoted="Aiuto"
            ),
        )  # fmt: skip

    return await floor.do(take)


async def snoozed(floor: Floor) -> UUID:
    interaction = await floor.held()
    await floor.do(set_aside, interaction, "snoozed", NOON + timedelta(days=1), by=floor.anna)
    return interaction


async def pending(floor: Floor) -> UUID:
    interaction = await floor.held()
    message = await floor.do(reply, interaction, "Quale modello?", by=floor.anna)
    await mark(floor, message.id, delivery.mark_sent)
    await floor.do(set_aside, interaction, "pending", NOON + timedelta(days=1), by=floor.anna)
    return interaction


STANDINGS: dict[str, Before] = {
    "waiting": Floor.waiting,
    "assigned": Floor.held,
    "snoozed": snoozed,
    "pending": pending,
    "closed": Floor.closed,
}


@pytest.mark.parametrize("state", STANDINGS)
async def test_no_contact_opens_wakes_or_moves_by_it_and_no_clock_stops(floor: Floor, state: str) -> None:
    interaction = await STANDINGS[state](floor)
    before, work = await floor.contact(interaction), await floor.work(interaction)
    n = await floor.last_n()
    floor.later(minutes=5)
    await native(floor, interaction)
    after = await floor.contact(interaction)
    assert (after.state, after.brand_agent_id, after.due_at, after.closed_at, after.first_response_at) == (
        state, before.brand_agent_id, before.due_at, before.closed_at, before.first_response_at,
    )  # fmt: skip
    later = await floor.work(interaction)
    assert (later.state, later.wakes_at, later.queued_at) == (work.state, work.wakes_at, work.queued_at)
    (fact,) = await floor.facts(n)
    assert (fact.kind, fact.actor, fact.interaction_id, fact.to_state) == (
        "message.answered_natively", "client", interaction, None,
    )  # fmt: skip
    assert not [word for word in ("laura", "tecnico", *PERSONAL) if word in fact.body.lower()]
    assert await contradictions(floor) == []
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_ours_is_still_the_first_response_when_it_leaves(floor: Floor) -> None:
    interaction = await floor.held()
    await native(floor, interaction)
    floor.later(minutes=5)
    message = await floor.do(reply, interaction, "Anche noi.", by=floor.anna)
    await mark(floor, message.id, delivery.mark_sent)
    assert (await floor.contact(interaction)).first_response_at == NOON + timedelta(minutes=5)
    assert [fact.kind for fact in await floor.facts()].count("clock.stopped") == 1


async def test_every_screen_is_told(floor: Floor) -> None:
    interaction = await floor.held()
    floor.pokes.clear()
    await native(floor, interaction)
    assert {
        Poke("interaction", floor.aurora.id, interaction),
        Poke("queue", floor.aurora.id, interaction),
    } <= set(floor.pokes)


async def test_handed_over_twice_also_at_once_it_is_one(floor: Floor) -> None:
    interaction = await floor.held()
    for key in ("<1@aurora.example>", "<2@aurora.example>", "<3@aurora.example>"):
        results = await at_once(*[native(floor, interaction, key=key) for _ in range(4)])
        assert failures(results) == []
        assert sum(each.is_new for each in results if isinstance(each, Taken)) == 1
    assert len([each for each in await floor.rows(Message) if each.direction == "native"]) == 3


async def test_it_lands_where_a_merged_thread_goes_on_and_is_known_there_again(floor: Floor) -> None:
    held, other = await twice(floor)
    merge = await floor.do(merge_contacts, held, other, by=floor.anna)
    taken = await native(floor, merge.dropped_id)
    assert taken.message.interaction_id == merge.kept_id
    assert not (await native(floor, merge.dropped_id)).is_new
    assert await contradictions(floor) == []


async def test_what_has_not_left_is_its_writers_text_again(floor: Floor) -> None:
    interaction = await floor.held()
    soon, tomorrow = NOON + timedelta(seconds=10), NOON + timedelta(days=1)
    one = await floor.do(reply, interaction, "Una.", by=floor.anna, leaves_at=soon)
    two = await floor.do(reply, interaction, "Due.", by=floor.anna, leaves_at=tomorrow)
    gone = await floor.do(reply, interaction, "Partita.", by=floor.anna)
    await mark(floor, gone.id, delivery.mark_sending)
    floor.later(seconds=5)
    before = await floor.last_n()
    await native(floor, interaction)
    states = {each.id: (each.state, each.failure) for each in await floor.rows(Message)}
    assert states[one.id] == states[two.id] == ("withdrawn", FIRST)
    assert states[gone.id] == ("sending", None)
    facts = [each for each in await floor.facts(before) if each.kind == "message.withdrawn"]
    assert {(each.actor, each.from_state, each.brand_agent_id) for each in facts} == {
        ("system", "queued", floor.anna.id)
    }
    assert len(facts) == 2
    async with floor.database.begin(floor.aurora.reading) as db:
        kept = (await kept_for(db, interaction, floor.world.anna.agent_id))["reply"]
    assert (kept.body, kept.saved_at) == ("Una.\n\nDue.", one.at)
    assert await floor.rows(Mention) == [], "who has it in hand sees it there"


async def test_what_the_client_was_to_approve_comes_back_too(floor: Floor) -> None:
    await rosa(floor)
    message = await awaiting(floor)
    await native(floor, message.interaction_id)
    assert (await floor.get(Message, message.id)).state == "withdrawn"
    assert (await approval_of(floor, message)).state == "recalled"


async def test_the_code_of_a_complaint_leaves_all_the_same(floor: Floor) -> None:
    interaction = await floor.held()
    complaint = await floor.do(complain, interaction, by=floor.anna, house=HOUSE_NAME)
    await native(floor, interaction)
    assert (await floor.get(Message, complaint.message_id)).state == "queued"


@pytest.mark.parametrize("left", ["closed", "released", "snoozed"][: scaled(1, deep=3)])
async def test_who_does_not_have_the_contact_in_hand_finds_it_in_their_list(floor: Floor, left: str) -> None:
    interaction = await floor.held()
    later = NOON + timedelta(hours=1)
    await floor.do(reply, interaction, "Più tardi.", by=floor.anna, leaves_at=later)
    if left == "released":
        await floor.do(release, interaction, by=floor.anna)
    elif left == "closed":
        await floor.do(close, interaction, "solved", by=floor.anna)
    else:
        await floor.do(set_aside, interaction, "snoozed", later, by=floor.anna)
    taken = await native(floor, interaction)
    (mention,) = await floor.rows(Mention)
    assert (mention.brand_agent_id, mention.message_id) == (floor.anna.id, taken.message.id)
    assert Poke("person", None, floor.world.anna.agent_id) in floor.pokes


async def test_a_colleague_who_holds_it_by_then_gets_the_text(floor: Floor) -> None:
    interaction = await floor.held()
    await floor.do(reply, interaction, "Di Anna.", by=floor.anna, leaves_at=NOON + timedelta(hours=1))
    await floor.do(release, interaction, by=floor.anna)
    await floor.do(claim, interaction, by=floor.bruno)
    await native(floor, interaction)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert (await kept_for(db, interaction, floor.world.bruno.agent_id))["reply"].body == "Di Anna."
        assert await kept_for(db, interaction, floor.world.anna.agent_id) == {}


async def test_who_had_not_read_it_is_asked_once_for_each_answer(floor: Floor) -> None:
    interaction = await floor.held()
    await floor.do(reply, interaction, "Prima.", by=floor.anna, seen=Seen(None))
    first = (await native(floor, interaction)).message.id
    floor.later(seconds=1)
    with pytest.raises(AnsweredMeanwhile):
        await floor.do(reply, interaction, "Dopo.", by=floor.anna, seen=Seen(None))
    await floor.do(reply, interaction, "Dopo.", by=floor.anna, seen=Seen(first))
    floor.later(seconds=1)
    second = (await native(floor, interaction, key="<2@aurora.example>")).message.id
    with pytest.raises(AnsweredMeanwhile):
        await floor.do(reply, interaction, "Ancora.", by=floor.anna, seen=Seen(first))
    await floor.do(reply, interaction, "Ancora.", by=floor.anna, seen=Seen(second))


async def test_a_form_that_was_sent_already_is_not_asked_about(floor: Floor) -> None:
    interaction, key = await floor.held(), UUID(int=7)
    first = await floor.do(reply, interaction, "Sì.", by=floor.anna, form_key=key, seen=Seen(None))
    await native(floor, interaction)
    again = await floor.do(reply, interaction, "Sì.", by=floor.anna, form_key=key, seen=Seen(None))
    assert again.id == first.id


async def test_the_contact_and_its_place_in_the_queue_say_so_until_the_customer_writes(floor: Floor) -> None:
    interaction = await floor.waiting()
    floor.later(minutes=1)
    taken = await native(floor, interaction)

    async def marks() -> tuple[bool, UUID | None]:
        async with floor.database.begin(floor.aurora.reading) as db:
            (row,) = await queue_of_brands(db, [floor.aurora.id], 5)
            return row.native, (await conversation_view(db, interaction)).head.native_id

    assert await marks() == (True, taken.message.id)
    floor.later(minutes=1)
    await floor.write_in(thread=taken.message.conversation_id, automatic=True)
    assert await marks() == (True, taken.message.id)
    await floor.write_in(thread=taken.message.conversation_id)
    assert await marks() == (False, taken.message.id)


async def test_it_asks_nothing_in_our_name_and_hides_nothing_we_asked(floor: Floor) -> None:
    interaction = await floor.held()
    await native(floor, interaction)
    with pytest.raises(NothingAsked):
        await floor.do(set_aside, interaction, "pending", NOON + timedelta(days=1), by=floor.anna)
    asked = await floor.do(reply, interaction, "Quale modello?", by=floor.anna)
    await mark(floor, asked.id, delivery.mark_sent)
    await native(floor, interaction, key="<2@aurora.example>")
    await floor.do(note, interaction, "Nota.", by=floor.anna)
    await floor.do(set_aside, interaction, "pending", NOON + timedelta(days=1), by=floor.anna)
