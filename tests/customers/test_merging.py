"""Two customers are one person, and the way back; with mails that come before, meanwhile and after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.channels.email.models import Mail
from portavoce.conversations.models import Conversation
from portavoce.customers.consenting import note_consent
from portavoce.customers.defining import add_attribute
from portavoce.customers.duplicates import merges_of
from portavoce.customers.editing import edit
from portavoce.customers.errors import CannotMerge, ChangedMeanwhile, NoCustomer
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.models import Customer, CustomerIdentity, CustomerMove
from portavoce.customers.queries import Profile, changes_of, profile_of
from portavoce.ledger.verifying import verify_all
from portavoce.tables import METADATA
from tests.depth import scaled
from tests.floor import at_once, failures
from tests.world import World, WorldBrand, letter

GINA, OLD = "gina@studio.example", "gina.vecchia@posta.example"
HANDED_OVER = {
    "customer_identity", "customer_removal", "conversation", "care_case", "promise", "complaint", "lead",
}  # fmt: skip
READ_TOGETHER = {"customer_consent", "customer_change"}
STAYS = {"customer_value", "customer_merge", "customer", "customer_code", "customer_apart"}
"""A code is for whom it was sent to: of one who was merged it is refused. What is said of a pair is said of that pair."""


def test_every_table_that_names_a_customer_says_what_a_merge_does_with_it() -> None:
    """Whoever adds one lets `merging.hand_over` move its rows, or reads them together, or says here why neither."""
    naming = {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name == "customer"
    }
    assert naming == HANDED_OVER | READ_TOGETHER | STAYS


async def write(world: World, sender: str, text: str = "Aiuto", *, at: WorldBrand | None = None) -> UUID:
    """A new mail of somebody; gives its thread."""
    brand = at or world.aurora
    before = {each.conversation_id for each in await world.contacts(brand)}
    await world.receive(brand, letter(brand.address, text, sender=f"Gina Verdi <{sender}>"))
    (new,) = {each.conversation_id for each in await world.contacts(brand)} - before
    return new


async def owner(world: World, thread: UUID) -> UUID:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.get_one(Conversation, (world.aurora.id, thread))).customer_id


async def do(world: World, verb: object, *args: object, **more: object) -> object:
    by = world.anna.at(world.aurora)
    return await world.database.run(
        world.aurora.writing,
        lambda db: verb(db, *args, by=by, **more),  # type: ignore[operator]  # -- a verb
    )


async def profile(world: World, customer: UUID) -> Profile:
    async with world.database.begin(world.aurora.reading) as db:
        return await profile_of(db, customer)


async def addresses(world: World, customer: UUID) -> set[str]:
    async with world.database.begin(world.aurora.reading) as db:
        query = select(CustomerIdentity.value).where(CustomerIdentity.customer_id == customer)
        return set((await db.scalars(query)).all())


async def two(world: World) -> tuple[UUID, UUID, UUID, UUID]:
    """Gina and who she was, each with a thread."""
    new, old = await write(world, GINA), await write(world, OLD)
    return await owner(world, new), await owner(world, old), new, old


async def state(world: World) -> dict[str, object]:
    """Everything a merge may touch, but for versions and what it keeps about itself."""
    async with world.database.begin(world.aurora.reading) as db:
        people = await db.execute(select(Customer.id, Customer.name, Customer.needs, Customer.note, Customer.preferred_channel, Customer.merged_into).order_by(Customer.id))  # fmt: skip
        found: dict[str, object] = {"people": [tuple(row) for row in people]}
        for table in (CustomerIdentity, Conversation):
            rows = await db.execute(select(table.id, table.customer_id).order_by(table.id))
            found[table.__tablename__] = [tuple(row) for row in rows]
    for customer_id in [row[0] for row in found["people"]]:  # type: ignore[attr-defined]  # -- a list
        one = await profile(world, customer_id)
        found[str(customer_id)] = (one.id, one.answers, one.consents, one.note)
    return found


async def test_everything_goes_to_the_survivor_and_the_old_name_leads_there(world: World) -> None:
    gina, old, new_thread, old_thread = await two(world)
    await do(world, edit, old, {"needs": "no_calls", "note": "Vecchia"}, version=1)
    await do(world, note_consent, old, purpose="surveys", channel="any", given=True, source="modulo")
    await do(world, merge, gina, old)
    assert {await owner(world, new_thread), await owner(world, old_thread)} == {gina}
    assert await addresses(world, gina) == {GINA, OLD}
    for asked in (gina, old):
        seen = await profile(world, asked)
        assert (seen.id, seen.needs, seen.note) == (gina, ("no_calls",), "Vecchia")
        assert [each.source for each in seen.consents] == ["modulo"]
    async with world.database.begin(world.aurora.reading) as db:
        told = [(each.field, each.after) for each in await changes_of(db, gina)]
    assert ("merged", "Gina Verdi") in told
    assert told.count(("needs", "no_calls")) == 2


async def test_mails_that_come_later_land_on_the_survivor_whatever_they_answer(world: World) -> None:
    gina, old, _, old_thread = await two(world)
    contact = next(each for each in await world.contacts(world.aurora) if each.conversation_id == old_thread)
    answer = await world.answer(world.aurora, contact.id)
    await do(world, merge, gina, old)
    assert await owner(world, await write(world, OLD, "Ancora io")) == gina
    async with world.database.begin(world.aurora.reading) as db:
        ours = (await db.scalars(select(Mail.rfc_id).where(Mail.message_id == answer.id))).one()
    late = letter(world.aurora.address, "Grazie", sender=f"Gina <{OLD}>", In_Reply_To=ours)
    await world.receive(world.aurora, late)
    last = next(each for each in await world.messages(world.aurora) if each.body == "Grazie")
    assert (last.conversation_id, last.other_sender) == (old_thread, False)
    found = await world.database.run(
        world.aurora.writing, lambda db: find_or_create(db, "email", OLD, "Gina", "it")
    )
    assert found.id == gina
    assert len(await _people(world)) == 2


async def _people(world: World) -> list[Customer]:
    async with world.database.begin(world.aurora.reading) as db:
        return list((await db.scalars(select(Customer))).all())


async def test_undone_at_once_everything_is_as_it_was(world: World) -> None:
    gina, old, *_ = await two(world)
    level = await world.database.run(
        world.aurora.writing, lambda db: add_attribute(db, key="level", label="L", kind="text", by="admin")
    )
    await do(world, edit, gina, {"note": "Nuova"}, version=1)
    await do(world, edit, old, {"note": "Vecchia", "needs": "no_calls", f"a_{level.hex}": "Oro", "preferred_channel": "phone"}, version=1)  # fmt: skip
    await do(world, note_consent, old, purpose="surveys", channel="any", given=True, source="modulo")
    before = await state(world)
    row = await do(world, merge, gina, old)
    assert await state(world) != before
    assert (await profile(world, gina)).note == "Nuova\n\nVecchia"
    await do(world, undo_merge, row)
    assert await state(world) == before
    assert await verify_all(world.database, [world.aurora.id]) == []


async def test_undone_later_each_keeps_what_has_come_since(world: World) -> None:
    gina, old, new_thread, old_thread = await two(world)
    await do(world, edit, old, {"note": "Vecchia"}, version=1)
    row = await do(world, merge, gina, old)
    since_old, since_new = await write(world, OLD, "dopo"), await write(world, GINA, "dopo")
    version = (await profile(world, gina)).version
    await do(world, edit, gina, {"note": "Vecchia\n\nDopo", "preferred_channel": "phone"}, version=version)
    await do(world, add_identity, gina, "phone", "338 555 0142")
    await do(world, note_consent, gina, purpose="surveys", channel="any", given=True, source="dopo")
    await do(world, undo_merge, row)
    owners = [await owner(world, each) for each in (new_thread, old_thread, since_new, since_old)]
    assert owners == [gina, old, gina, old]
    assert await addresses(world, gina) == {GINA, "+393385550142"}
    assert await addresses(world, old) == {OLD}
    now, then = await profile(world, gina), await profile(world, old)
    assert (now.note, now.preferred_channel, len(now.consents)) == ("Dopo", "phone", 1)
    assert (then.id, then.note, then.consents) == (old, "Vecchia", ())
    assert await owner(world, await write(world, OLD, "e ancora")) == old


async def test_merges_of_merges_are_undone_in_turn(world: World) -> None:
    gina, old, *_ = await two(world)
    third = await owner(world, await write(world, "terza@posta.example"))
    await do(world, note_consent, third, purpose="surveys", channel="any", given=True, source="la terza")
    before = await state(world)
    first = await do(world, merge, old, third)
    second = await do(world, merge, gina, old)
    assert (await profile(world, third)).id == gina
    assert [each.source for each in (await profile(world, gina)).consents] == ["la terza"]
    assert await addresses(world, gina) == {GINA, OLD, "terza@posta.example"}
    with pytest.raises(CannotMerge):
        await do(world, undo_merge, first)
    await do(world, undo_merge, second)
    assert (await profile(world, third)).id == old
    await do(world, undo_merge, first)
    assert await state(world) == before
    with pytest.raises(CannotMerge):
        await do(world, undo_merge, first)


async def test_never_across_brands_and_the_check_comes_before_any_change(world: World) -> None:
    gina, *_ = await two(world)
    await write(world, OLD, at=world.bosco)
    async with world.database.begin(world.bosco.reading) as db:
        theirs = (await db.scalars(select(Customer.id))).one()
    before = await state(world)
    for one, other, error in (
        (gina, theirs, NoCustomer), (theirs, gina, NoCustomer), (gina, uuid4(), NoCustomer), (gina, gina, CannotMerge),
    ):  # fmt: skip
        with pytest.raises(error):
            await do(world, merge, one, other)
    with pytest.raises(NoCustomer):
        await do(world, undo_merge, uuid4())
    assert await state(world) == before


async def test_a_merged_profile_is_not_changed_behind_the_survivors_back(world: World) -> None:
    gina, old, *_ = await two(world)
    await do(world, merge, gina, old)
    async with world.database.begin(world.aurora.reading) as db:
        version = (await db.get_one(Customer, (world.aurora.id, old))).version
        assert [each.name for each in await merges_of(db, gina)] == ["Gina Verdi"]
    with pytest.raises(ChangedMeanwhile):
        await do(world, edit, old, {"note": "x"}, version=version)
    for pair in ((gina, old), (old, gina)):
        with pytest.raises(CannotMerge):
            await do(world, merge, *pair)
    await do(world, add_identity, old, "phone", "338 555 0142")
    assert await addresses(world, old) == set()
    assert "+393385550142" in await addresses(world, gina)


async def test_of_many_at_once_one_merges_and_one_undoes(world: World) -> None:
    gina, old, *_ = await two(world)
    done = await at_once(*(do(world, merge, *pair) for pair in ((gina, old), (old, gina)) * 3))
    assert not failures(done, CannotMerge)
    (row,) = [each for each in done if isinstance(each, UUID)]
    undone = await at_once(*(do(world, undo_merge, row) for _ in range(4)))
    assert not failures(undone, CannotMerge)
    assert len([each for each in undone if isinstance(each, UUID)]) == 1


async def test_mails_that_arrive_while_it_happens_hang_on_the_one_who_stands(world: World) -> None:
    """Whichever comes first: no thread is left with a customer who was merged away."""
    gina, old, *_ = await two(world)
    row: object = None
    for round_ in range(scaled(2, 6)):
        mails: list[Awaitable[object]] = [
            world.receive(world.aurora, letter(world.aurora.address, f"{round_} {n}", sender=f"G <{OLD}>"))
            for n in range(6)
        ]
        row = (await asyncio.gather(do(world, merge, gina, old), *mails))[0]
        async with world.database.begin(world.aurora.reading) as db:
            owners = set((await db.scalars(select(Conversation.customer_id))).all())
            assert owners == {gina}
        await asyncio.gather(do(world, undo_merge, row), *[
            world.receive(world.aurora, letter(world.aurora.address, f"{round_} u{n}", sender=f"G <{OLD}>"))
            for n in range(6)
        ])  # fmt: skip
        async with world.database.begin(world.aurora.reading) as db:
            query = select(Conversation.customer_id).where(Conversation.customer_id == gina)
            assert len((await db.scalars(query)).all()) == 1
    assert len(await _people(world)) == 2


async def test_what_was_moved_names_rows_and_nobody(world: World) -> None:
    gina, old, _, old_thread = await two(world)
    await do(world, merge, gina, old)
    async with world.database.begin(world.aurora.reading) as db:
        moves = {(row.kind, row.row_id) for row in await db.scalars(select(CustomerMove))}
    assert ("conversation", old_thread) in moves
    assert {kind for kind, _ in moves} == {"care_case", "conversation", "customer_identity"}
