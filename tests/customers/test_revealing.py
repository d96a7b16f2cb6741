"""A masked value is shown to one person, once, and it is written down."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.customers.errors import NoCustomer
from portavoce.customers.queries import changes_of
from portavoce.customers.revealing import reveal
from tests.customers.profiles import asks, gina, write
from tests.floor import Floor


async def test_who_reveals_is_written_down_and_what_was_seen_is_not(floor: Floor) -> None:
    customer, card = await gina(floor), await asks(floor, "card", masked=True)
    await write(floor, customer, {f"a_{card.hex}": "IT60X05428"})
    answer = await floor.do(reveal, customer, card, by=floor.anna)
    assert (answer.value, answer.masked) == ("IT60X05428", True)
    (entry,) = [each for each in await floor.rows(AuditEntry) if each.action == "customer.revealed"]
    assert (entry.actor, entry.subject_id) == (str(floor.anna.id), customer)
    assert entry.detail == f'{{"attribute":"{card}"}}'


async def test_what_is_not_there_is_not_revealed_and_not_written_down(floor: Floor) -> None:
    customer, card = await gina(floor), await asks(floor, "card", masked=True)
    there, theirs = await gina(floor, at=floor.world.bosco), await asks(floor, "card", at=floor.world.bosco)
    for who, what in ((customer, card), (customer, uuid4()), (there, theirs), (uuid4(), card)):
        with pytest.raises(NoCustomer):
            await floor.do(reveal, who, what, by=floor.anna)
    assert not [each for each in await floor.rows(AuditEntry) if each.action == "customer.revealed"]


async def test_the_history_of_a_masked_field_says_that_it_changed_and_not_to_what(floor: Floor) -> None:
    customer, card = await gina(floor), await asks(floor, "card", masked=True)
    await write(floor, customer, {f"a_{card.hex}": "IT60X05428"})
    async with floor.database.begin(floor.aurora.reading) as db:
        (told,) = await changes_of(db, customer)
    assert (told.label, told.masked, told.before, told.after) == ("Card", True, "", "")
