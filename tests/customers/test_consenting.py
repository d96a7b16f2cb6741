"""What a customer allows, with where they said so; the latest word counts and none is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from portavoce.customers.consenting import note_consent
from portavoce.customers.errors import BadConsent, NoCustomer
from portavoce.customers.models import CustomerConsent
from tests.customers.profiles import gina, read
from tests.floor import Floor, data


async def says(floor: Floor, customer: UUID, given: bool = True, **more: Any) -> UUID:
    words: dict[str, Any] = {"purpose": "marketing", "channel": "email", "source": "modulo web", **more}
    return await floor.do(note_consent, customer, given=given, by=floor.anna, **words)


async def test_the_latest_of_a_purpose_and_channel_counts_and_every_word_stays(floor: Floor) -> None:
    customer = await gina(floor)
    await says(floor, customer, proof="form 12")
    floor.later(days=1)
    await says(floor, customer, False, source="telefonata")
    await says(floor, customer, channel="phone")
    told = {(each.purpose, each.channel): each for each in (await read(floor, customer)).consents}
    assert {key: each.given for key, each in told.items()} == {
        ("marketing", "email"): False, ("marketing", "phone"): True,
    }  # fmt: skip
    assert told["marketing", "email"].source == "telefonata"
    assert len(await floor.rows(CustomerConsent)) == 3


async def test_of_two_in_one_instant_the_later_row_counts(floor: Floor) -> None:
    customer = await gina(floor)
    for given in (True, False, True, False):
        await says(floor, customer, given)
    (consent,) = (await read(floor, customer)).consents
    assert consent.given is False


BAD = (
    ("source", ""), ("source", "  "), ("source", "x" * 501), ("proof", "x" * 501), ("purpose", "all"), ("channel", ""),
)  # fmt: skip


async def test_without_a_source_or_for_nothing_known_it_is_refused(floor: Floor) -> None:
    customer = await gina(floor)
    for field, value in BAD:
        with pytest.raises(BadConsent) as refused:
            await says(floor, customer, **dict[str, Any]({field: value}))
        assert set(refused.value.fields) == {field}
    assert await floor.rows(CustomerConsent) == []


async def test_another_brands_customer_is_not_there(floor: Floor) -> None:
    there = await gina(floor, at=floor.world.bosco)
    for missing in (there, uuid4()):
        with pytest.raises(NoCustomer):
            await says(floor, missing)


async def test_the_ledger_names_purpose_and_row_only(floor: Floor) -> None:
    customer, before = await gina(floor), await floor.last_n()
    row = await says(floor, customer, False, source="telefonata di Gina")
    (fact,) = await floor.facts(before)
    assert fact.kind == "customer.withdrew"
    assert data(fact) == {
        "customer": str(customer), "consent": str(row), "purpose": "marketing", "channel": "email",
    }  # fmt: skip
