"""The way by which an open contact came stays on the profile while there is no other."""

from __future__ import annotations

import pytest

from portavoce.conversations.closing import close
from portavoce.conversations.recognising.errors import NeededHere
from portavoce.conversations.recognising.removing import remove
from portavoce.customers.identifying import add_identity
from portavoce.customers.models import CustomerIdentity, CustomerRemoval
from tests.conversations.recognising.strangers import HANDLE, identity, stranger
from tests.floor import Floor


async def test_the_last_of_its_kind_waits_for_the_end_of_the_contact(floor: Floor) -> None:
    who = await stranger(floor)
    handle = await identity(floor, HANDLE)
    with pytest.raises(NeededHere):
        await floor.do(remove, who.customer, handle, "Numero di altri", by=floor.anna)
    assert handle in {each.id for each in await floor.rows(CustomerIdentity)}
    assert await floor.rows(CustomerRemoval) == []
    await floor.do(close, who.contact, "solved", by=floor.anna)
    await floor.do(remove, who.customer, handle, "Numero di altri", by=floor.anna)
    assert handle not in {each.id for each in await floor.rows(CustomerIdentity)}


@pytest.mark.deep
async def test_one_of_several_or_of_another_kind_may_go_at_any_time(floor: Floor) -> None:
    who = await stranger(floor)
    await floor.do(add_identity, who.customer, "phone", "+393385550999", by=floor.anna)
    await floor.do(add_identity, who.customer, "email", "altro@posta.example", by=floor.anna)
    for value in ("altro@posta.example", HANDLE):
        await floor.do(remove, who.customer, await identity(floor, value), "Errore", by=floor.anna)
