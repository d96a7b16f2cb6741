"""Find the customer behind an address of a brand, or make one."""

from __future__ import annotations

import pytest

from portavoce.core.db import Database
from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.finding import find_or_create
from portavoce.customers.models import Customer, CustomerIdentity
from tests.database import NOON
from tests.floor import Floor, at_once, failures

UGO = "Ugo.Neri@Customer.example"


async def find(floor: Floor, address: str = UGO, name: str = "Ugo Neri", **at: object) -> Customer:
    return await floor.do(find_or_create, "email", address, name, "it", **at)  # type: ignore[arg-type] # -- at=


async def test_a_first_mail_makes_a_customer_with_an_identity(floor: Floor) -> None:
    made = await find(floor)
    (customer,) = await floor.rows(Customer)
    (identity,) = await floor.rows(CustomerIdentity)
    assert (customer.id, customer.name, customer.language, customer.created_at) == (
        made.id, "Ugo Neri", "it", NOON,
    )  # fmt: skip
    assert (identity.customer_id, identity.channel) == (made.id, "email")
    assert (identity.value, identity.shown) == ("ugo.neri@customer.example", UGO)


async def test_however_the_address_is_spelt_it_is_the_same_customer(floor: Floor) -> None:
    first = await find(floor)
    again = await find(floor, "  UGO.NERI@customer.EXAMPLE ", "U. N.")
    assert (again.id, again.name) == (first.id, "Ugo Neri")
    assert len(await floor.rows(Customer)) == 1


async def test_without_a_name_the_address_is_the_name(floor: Floor) -> None:
    assert (await find(floor, name="")).name == UGO


async def test_the_same_human_is_another_customer_of_another_brand(floor: Floor) -> None:
    here, there = await find(floor), await find(floor, at=floor.world.bosco)
    assert here.id != there.id
    assert [each.id for each in await floor.rows(Customer)] == [here.id]
    assert [each.id for each in await floor.rows(Customer, floor.world.bosco)] == [there.id]


async def test_eight_at_once_make_one_customer(floor: Floor) -> None:
    results = await at_once(*(find(floor) for _ in range(8)))
    assert not failures(results)
    assert len({each.id for each in results if isinstance(each, Customer)}) == 1
    assert len(await floor.rows(Customer)) == len(await floor.rows(CustomerIdentity)) == 1


async def test_eight_at_once_in_units_nobody_retries_make_one_customer(floor: Floor) -> None:
    async def once() -> Customer:
        async with floor.database.begin(floor.aurora.writing) as db:
            return await find_or_create(db, "email", UGO, "Ugo", "it")

    assert not failures(await at_once(*(once() for _ in range(8))))
    assert len(await floor.rows(Customer)) == 1


@pytest.mark.parametrize(
    "address", ["", "ugo", "ugo@", "@customer.example", "u go@customer.example", "\x00@x"]
)
async def test_what_names_nobody_makes_nobody(floor: Floor, address: str) -> None:
    with pytest.raises(UnusableIdentity):
        await find(floor, address)
    assert await floor.rows(Customer) == []


async def test_a_channel_without_identities_makes_nobody(floor: Floor, database: Database) -> None:
    with pytest.raises(UnusableIdentity):
        await floor.do(find_or_create, "smoke", "ugo", "Ugo", "it")
    assert await floor.rows(Customer) == []
