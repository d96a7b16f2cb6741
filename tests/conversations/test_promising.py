"""A promise made to a customer: who may make it, what ends it, and who is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from portavoce.conversations.aftercare import Promise
from portavoce.conversations.errors import BadMoment, BadPromise, HeldByOther, NoPromise
from portavoce.conversations.models import Conversation
from portavoce.conversations.promise_queries import promises_of
from portavoce.conversations.promising import FARTHEST, LONGEST, promise, settle
from portavoce.customers.finding import find_or_create
from portavoce.customers.merging import merge, undo_merge
from tests.database import NOON
from tests.floor import Floor, data

TOMORROW = NOON + timedelta(days=1)


async def promised(floor: Floor, kind: str = "promise", due_at: datetime = TOMORROW) -> Promise:
    return await floor.do(promise, await floor.held(), kind, "Mandiamo il ricambio", due_at, by=floor.anna)


async def customer_of(floor: Floor, made: Promise) -> UUID:
    contact = await floor.contact(made.interaction_id)
    return (await floor.get(Conversation, contact.conversation_id)).customer_id


@pytest.mark.parametrize("kind", ["promise", "callback"])
async def test_it_belongs_to_the_customer_and_is_a_fact_without_its_words(floor: Floor, kind: str) -> None:
    made = await promised(floor, kind)
    assert made.customer_id == await customer_of(floor, made)
    fact = (await floor.facts())[-1]
    assert (fact.kind, fact.interaction_id, data(fact)["what"]) == ("promise.made", made.interaction_id, kind)
    assert "ricambio" not in fact.body


async def test_whoever_speaks_for_the_brand_may_keep_it_once_and_open_it_again(floor: Floor) -> None:
    made = await promised(floor)
    floor.later(hours=1)
    for _ in range(2):
        await floor.do(settle, made.id, "kept", by=floor.bruno)
    kept = await floor.get(Promise, made.id)
    assert (kept.state, kept.ended_by, kept.ended_at) == ("kept", floor.bruno.id, NOON + timedelta(hours=1))
    assert [fact.kind for fact in await floor.facts() if fact.kind.startswith("promise.")] == [
        "promise.made",
        "promise.kept",
    ]
    await floor.do(settle, made.id, "open", by=floor.anna)
    again = await floor.get(Promise, made.id)
    assert (again.state, again.ended_by, again.ended_at) == ("open", None, None)


async def test_its_maker_and_who_ends_it_see_their_lists_anew(floor: Floor) -> None:
    made = await promised(floor)
    floor.pokes.clear()
    await floor.do(settle, made.id, "dropped", by=floor.bruno)
    people = {floor.world.anna.agent_id, floor.world.bruno.agent_id}
    assert people <= {poke.id for poke in floor.pokes if poke.view == "person"}
    assert ("interaction", made.interaction_id) in {(poke.view, poke.id) for poke in floor.pokes}


async def test_only_who_holds_the_contact_promises_for_the_brand(floor: Floor) -> None:
    contact = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(promise, contact, "promise", "Sconto", TOMORROW, by=floor.bruno)
    assert await floor.rows(Promise) == []


@pytest.mark.parametrize(
    ("kind", "text", "due_at", "error"),
    [
        ("gift", "Un regalo", TOMORROW, BadPromise),
        ("promise", "  ", TOMORROW, BadPromise),
        ("promise", "x" * (LONGEST + 1), TOMORROW, BadPromise),
        ("promise", "Ieri", NOON, BadMoment),
        ("callback", "Mai", NOON + FARTHEST + timedelta(seconds=1), BadMoment),
    ],
)
async def test_what_cannot_be_kept_is_not_promised(
    floor: Floor, kind: str, text: str, due_at: datetime, error: type[Exception]
) -> None:
    contact = await floor.held()
    with pytest.raises(error):
        await floor.do(promise, contact, kind, text, due_at, by=floor.anna)
    assert await floor.rows(Promise) == []


async def test_one_of_another_brand_or_of_nobody_does_not_exist(floor: Floor) -> None:
    made = await promised(floor)
    bosco = floor.world.bosco
    for promise_id, brand in ((made.id, bosco), (uuid4(), floor.aurora)):
        with pytest.raises(NoPromise):
            await floor.do(settle, promise_id, "kept", by=floor.world.anna.at(brand), at=brand)
    with pytest.raises(BadPromise):
        await floor.do(settle, made.id, "broken", by=floor.anna)
    assert (await floor.get(Promise, made.id)).state == "open"


async def test_what_was_promised_to_the_merged_is_owed_to_the_survivor_until_they_are_parted(
    floor: Floor,
) -> None:
    made = await promised(floor)
    merged = await customer_of(floor, made)
    survivor = await floor.do(find_or_create, "email", "luigi@posta.example", "Luigi", "it")
    merge_id = await floor.do(merge, survivor.id, merged, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.id for each in await promises_of(db, survivor.id)] == [made.id]
    await floor.do(undo_merge, merge_id, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await promises_of(db, survivor.id) == ()
        assert [each.id for each in await promises_of(db, merged)] == [made.id]


async def test_what_was_promised_while_they_were_one_goes_back_with_its_thread(floor: Floor) -> None:
    first = await promised(floor)
    merged = await customer_of(floor, first)
    survivor = await floor.do(find_or_create, "email", "luigi@posta.example", "Luigi", "it")
    merge_id = await floor.do(merge, survivor.id, merged, by=floor.anna)
    later = await floor.do(promise, first.interaction_id, "callback", "Richiamare", TOMORROW, by=floor.anna)
    await floor.do(undo_merge, merge_id, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await promises_of(db, survivor.id) == ()
        assert {each.id for each in await promises_of(db, merged)} == {first.id, later.id}
