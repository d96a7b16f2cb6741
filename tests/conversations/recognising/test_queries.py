"""One question for each list, whatever there is; which addresses prove something."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.conversations.recognising.linking import link_by_evidence
from portavoce.conversations.recognising.queries import code_of_contact, identities_of, known_addresses
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge, undo_merge
from tests.conversations.conftest import counted
from tests.conversations.recognising.strangers import GINA, enter, known, met, right, sent, stranger, taken
from tests.floor import Floor


async def proving(floor: Floor, customer: UUID) -> list[str]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return [each.value for each in await known_addresses(db, [customer], before=floor.clock.now())]


async def test_identities_are_one_question_with_or_without_links(floor: Floor) -> None:
    who = await stranger(floor)
    for n in range(5):
        await floor.do(add_identity, who.gina, "email", f"gina{n}@studio.example", by=floor.anna)
    await floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        with counted(floor.database) as asked:
            found = await identities_of(db, who.gina)
    assert len(asked) == 1
    assert len(found) == 7
    assert [each.channel for each in found if each.link] == ["phone"]


@pytest.mark.deep
async def test_an_address_proves_something_again_when_its_link_was_proved_or_is_undone(floor: Floor) -> None:
    gina, _ = await known(floor)
    stated, _ = await known(floor, "detto@posta.example")
    floor.later(minutes=1)
    link = await floor.do(link_by_evidence, await taken(floor, stated), gina, "order", by=floor.anna)
    assert await proving(floor, gina) == [GINA]
    await floor.do(undo_merge, link.merge_id, by=floor.anna)
    assert await proving(floor, stated) == ["detto@posta.example"]


@pytest.mark.deep
async def test_an_address_linked_with_a_code_proves_as_much_as_the_one_that_got_it(floor: Floor) -> None:
    who = await stranger(floor)
    second, _ = await known(floor, "seconda@posta.example")
    contact = await taken(floor, second)
    moved = type(who)(contact, second, who.gina, who.address, who.thread)
    code = await sent(floor, moved)
    await enter(floor, moved, code, right(code))
    assert set(await proving(floor, who.gina)) == {GINA, "seconda@posta.example"}


async def test_the_code_of_a_contact_is_the_newest_that_is_good(floor: Floor) -> None:
    who = await stranger(floor)
    await sent(floor, who)
    newest = await sent(floor, who)
    other, _, _ = await met(floor, "+393385550999")
    async with floor.database.begin(floor.aurora.reading) as db:
        found = await code_of_contact(db, who.contact)
        assert await code_of_contact(db, other) is None
    assert found is not None
    assert (found.id, found.sent_to) == (newest.id, GINA)
    floor.later(minutes=10)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await code_of_contact(db, who.contact) is None


@pytest.mark.deep
async def test_an_undone_link_is_not_shown_when_the_same_is_linked_again(floor: Floor) -> None:
    who = await stranger(floor)
    first = await floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.anna)
    await floor.do(undo_merge, first.merge_id, by=floor.anna)
    floor.later(minutes=1)
    await floor.do(merge, who.gina, who.customer, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.link for each in await identities_of(db, who.gina)] == [None, None]
