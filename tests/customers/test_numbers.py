"""The number is shown to one person, once, and it is written down."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.customers.errors import NoCustomer
from portavoce.customers.identifying import add_identity
from portavoce.customers.numbers import reveal_number
from tests.customers.profiles import gina
from tests.floor import Floor


async def test_who_looks_is_written_down_and_the_number_is_not(floor: Floor) -> None:
    customer = await gina(floor)
    await floor.do(add_identity, customer, "phone", "338 555 0142", by=floor.anna)
    number = await floor.do(reveal_number, customer, by=floor.anna)
    assert number.value == "+393385550142"
    (entry,) = [each for each in await floor.rows(AuditEntry) if each.action == "customer.revealed"]
    assert (entry.actor, entry.subject_id) == (str(floor.anna.id), customer)
    assert entry.detail == f'{{"identity":"{number.id}"}}'


async def test_what_is_not_there_is_not_shown(floor: Floor) -> None:
    there = await gina(floor, at=floor.world.bosco)
    await floor.do(
        add_identity,
        there,
        "phone",
        "338 555 0142",
        by=floor.world.anna.at(floor.world.bosco),
        at=floor.world.bosco,
    )
    for who in (await gina(floor), there, uuid4()):
        with pytest.raises(NoCustomer):
            await floor.do(reveal_number, who, by=floor.anna)
