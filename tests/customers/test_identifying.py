"""Addresses and numbers that somebody adds by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.customers.errors import BadProfile, NoCustomer
from portavoce.customers.finding import find, find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.models import Customer, CustomerChange, CustomerIdentity
from tests.customers.profiles import gina
from tests.floor import Floor, at_once, failures


async def add(floor: Floor, customer: UUID, value: str, channel: str = "phone") -> bool:
    return await floor.do(add_identity, customer, channel, value, by=floor.anna)


async def test_a_national_number_is_one_of_the_brands_country_and_finds_its_customer(floor: Floor) -> None:
    customer = await gina(floor)
    assert await add(floor, customer, "338 555 0142")
    async with floor.database.begin(floor.aurora.writing) as db:
        for spelt in ("+393385550142", "0039 338 5550142", "338-5550142"):
            found = await find(db, "phone", spelt)
            assert found is not None
            assert found.id == customer
    assert (await floor.do(find_or_create, "phone", "+39 338 555 01 42", "Chi chiama", "it")).id == customer
    assert len(await floor.rows(Customer)) == 1


async def test_it_is_kept_as_a_change_and_twice_is_once(floor: Floor) -> None:
    customer = await gina(floor)
    assert [await add(floor, customer, "338 555 0142"), await add(floor, customer, "+393385550142")] == [
        True,
        False,
    ]
    (change,) = await floor.rows(CustomerChange)
    assert (change.field, change.before, change.after) == ("identity", "", "+393385550142")


async def test_what_is_another_customers_is_never_taken_from_them(floor: Floor) -> None:
    customer, ugo = await gina(floor), await gina(floor, address="ugo@posta.example", name="Ugo")
    await add(floor, ugo, "338 555 0142")
    with pytest.raises(BadProfile) as refused:
        await add(floor, customer, "+39 338 5550142")
    assert set(refused.value.fields) == {"identity"}


async def test_the_same_number_in_another_brand_is_another_customers_business(floor: Floor) -> None:
    here, there = await gina(floor), await gina(floor, at=floor.world.bosco)
    await floor.do(add_identity, there, "phone", "3385550142", by=floor.world.anna.at(floor.world.bosco), at=floor.world.bosco)  # fmt: skip
    assert await add(floor, here, "3385550142")
    for missing in (there, uuid4()):
        with pytest.raises(NoCustomer):
            await add(floor, missing, "02 1234 5678")


async def test_what_reaches_nobody_is_refused(floor: Floor) -> None:
    customer = await gina(floor)
    for channel, value in (("phone", "112"), ("email", "gina"), ("pigeon", "x")):
        with pytest.raises(BadProfile):
            await add(floor, customer, value, channel)
    assert len(await floor.rows(CustomerIdentity)) == 1


async def test_of_two_customers_at_once_one_gets_the_number(floor: Floor) -> None:
    customer, ugo = await gina(floor), await gina(floor, address="ugo@posta.example", name="Ugo")
    results = await at_once(*(add(floor, each, "338 555 0142") for each in (customer, ugo) * 3))
    assert not failures(results, BadProfile)
    assert len({row.customer_id for row in await floor.rows(CustomerIdentity) if row.channel == "phone"}) == 1
