"""A contact in hand and the customer it may be of, neither changed by anybody else until the end."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.claiming import release
from portavoce.conversations.errors import NoInteraction, NotHeld
from portavoce.conversations.recognising.errors import CannotLink
from portavoce.conversations.recognising.linking import link_by_evidence
from portavoce.conversations.recognising.meeting import ITSELF, MOVED, meet
from portavoce.customers.errors import CannotMerge, NoCustomer
from portavoce.customers.merging import merge
from tests.conversations.recognising.strangers import known, owner, stranger
from tests.floor import Floor, at_once, failures


async def test_it_gives_the_contact_and_whose_it_is_so_far(floor: Floor) -> None:
    who = await stranger(floor)
    contact, customer = await floor.do(meet, who.contact, who.gina, by=floor.anna)
    assert (contact.id, customer) == (who.contact, who.customer)


async def test_what_is_not_there_is_told_apart_from_what_cannot_be(floor: Floor) -> None:
    who = await stranger(floor)
    merged, _ = await known(floor, "vecchia@studio.example")
    await floor.do(merge, who.gina, merged, by=floor.anna)
    for contact, customer, error, said in (
        (uuid4(), who.gina, NoInteraction, "contact"),
        (who.contact, uuid4(), NoCustomer, "customer"),
        (who.contact, who.customer, CannotLink, ITSELF),
        (who.contact, merged, CannotLink, MOVED),
    ):
        with pytest.raises(error, match=said):
            await floor.do(meet, contact, customer, by=floor.anna)
    await floor.do(release, who.contact, by=floor.anna)
    with pytest.raises(NotHeld):
        await floor.do(meet, who.contact, who.gina, by=floor.anna)


@pytest.mark.deep
async def test_links_and_merges_of_the_same_people_at_once_leave_one_owner(floor: Floor) -> None:
    who = await stranger(floor)
    other, _ = await known(floor, "altra@studio.example")

    async def twice(db: AsyncSession) -> None:
        await merge(db, other, who.customer, by=floor.bruno)

    done = await at_once(
        floor.do(link_by_evidence, who.contact, who.gina, "order", by=floor.anna),
        floor.do(twice),
        floor.do(link_by_evidence, who.contact, other, "order", by=floor.anna),
    )
    assert failures(done, CannotLink, CannotMerge) == []
    assert len([each for each in done if not isinstance(each, BaseException)]) == 1
    assert await owner(floor, who.thread) in (who.gina, other)
