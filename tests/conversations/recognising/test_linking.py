"""A link is a merge with a reason: both histories stay, and all of it comes back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.errors import HeldByOther, NoInteraction
from portavoce.conversations.following import contacts_of
from portavoce.conversations.recognising.errors import BadEvidence, CannotLink
from portavoce.conversations.recognising.linking import CHOOSE, SAY, link_by_evidence
from portavoce.conversations.recognising.models import CustomerLink
from portavoce.conversations.recognising.queries import identities_of
from portavoce.conversations.recognising.rows import Linked
from portavoce.customers.errors import NoCustomer
from portavoce.customers.finding import find_or_create
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.models import CustomerMerge
from tests.conversations.recognising.strangers import HANDLE, identity, known, met, owner, stranger
from tests.floor import Floor, data


async def links_of(db: AsyncSession, customer_id: UUID) -> dict[UUID, Linked]:
    return {each.id: each.link for each in await identities_of(db, customer_id) if each.link}


async def test_both_histories_are_one_list_and_come_apart_again_with_what_came_since(floor: Floor) -> None:
    who = await stranger(floor)
    after = await floor.last_n()
    link = await floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert {each.channel for each in await contacts_of(db, who.gina)} == {"email", "phone"}
    again = await floor.do(find_or_create, "phone", HANDLE, "", "it")
    assert again.id == who.gina
    assert await floor.do(undo_merge, link.merge_id, by=floor.bruno) == who.gina
    assert await owner(floor, who.thread) == who.customer
    assert (await floor.do(find_or_create, "phone", HANDLE, "", "it")).id == who.customer
    [linked] = [fact for fact in await floor.facts(after) if fact.kind == "customer.linked"]
    [ended] = [fact for fact in await floor.facts(after) if fact.kind == "customer.unlinked"]
    assert (data(linked)["evidence"], data(linked)["confidence"]) == ("order", "stated")
    assert (data(ended)["link"], ended.actor) == (str(link.id), str(floor.bruno.id))


async def test_the_identity_says_how_sure_it_is_who_said_so_and_why_until_it_is_undone(floor: Floor) -> None:
    who = await stranger(floor)
    handle = await identity(floor, HANDLE)
    link = await floor.do(link_by_evidence, who.contact, who.gina, "other", "Sa chi è Ugo", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await links_of(db, who.gina)
    assert list(found) == [handle]
    assert (found[handle].confidence, found[handle].evidence) == ("stated", "other")
    assert (found[handle].words, found[handle].alias) == ("Sa chi è Ugo", floor.anna.alias)
    newer, _ = await known(floor, "nuova@studio.example")
    await floor.do(merge, newer, who.gina, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert set(await links_of(db, newer)) == {handle}
        assert await links_of(db, who.gina) == {}
    [last] = [each for each in await floor.rows(CustomerMerge) if each.survivor_id == newer]
    await floor.do(undo_merge, last.id, by=floor.anna)
    await floor.do(undo_merge, link.merge_id, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await links_of(db, who.gina) == {}


@pytest.mark.parametrize(
    ("evidence", "words", "problem"),
    [("code", "", {"evidence": CHOOSE}), ("", "", {"evidence": CHOOSE}), ("other", "  ", {"words": SAY})],
)
async def test_evidence_is_of_the_list_and_other_needs_words(
    floor: Floor, evidence: str, words: str, problem: dict[str, str]
) -> None:
    """Nobody says `code` without one."""
    who = await stranger(floor)
    with pytest.raises(BadEvidence) as raised:
        await floor.do(link_by_evidence, who.contact, who.gina, evidence, words, by=floor.anna)
    assert raised.value.fields == problem
    assert await floor.rows(CustomerLink) == []


async def test_a_link_is_made_in_ones_own_hands_with_another_customer_of_the_brand(floor: Floor) -> None:
    """SEC-03, SEC-13: never with Bosco's Gina, who has the same address."""
    who = await stranger(floor)
    theirs, _ = await known(floor, at=floor.world.bosco)
    for customer in (theirs, uuid4()):
        with pytest.raises(NoCustomer):
            await floor.do(link_by_evidence, who.contact, customer, "order", by=floor.anna)
    with pytest.raises(CannotLink):
        await floor.do(link_by_evidence, who.contact, who.customer, "order", by=floor.anna)
    with pytest.raises(HeldByOther):
        await floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.bruno)
    with pytest.raises(NoInteraction):
        await floor.do(link_by_evidence, uuid4(), who.gina, "order", by=floor.anna)
    assert await floor.rows(CustomerMerge) == []


@pytest.mark.deep
async def test_a_plain_merge_is_no_link_and_its_end_is_none_either(floor: Floor) -> None:
    who = await stranger(floor)
    merged = await floor.do(merge, who.gina, who.customer, by=floor.anna)
    await floor.do(undo_merge, merged, by=floor.anna)
    assert not {"customer.linked", "customer.unlinked"} & {fact.kind for fact in await floor.facts()}


@pytest.mark.deep
async def test_a_contact_that_was_linked_by_mistake_is_linked_to_the_right_one_after_undo(
    floor: Floor,
) -> None:
    who = await stranger(floor)
    right_one, _ = await known(floor, "ida@studio.example")
    first = await floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.anna)
    await floor.do(undo_merge, first.merge_id, by=floor.anna)
    await floor.do(link_by_evidence, who.contact, right_one, "recognised", by=floor.anna)
    assert await owner(floor, who.thread) == right_one
    contact, _, _ = await met(floor, "+393385550999")
    await floor.do(link_by_evidence, contact, right_one, "order", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert len(await links_of(db, right_one)) == 2
