"""Customers in the search index."""

from __future__ import annotations

from sqlalchemy import delete

from portavoce.customers.editing import edit
from portavoce.customers.finding import find_or_create
from portavoce.customers.indexing import enter_missing
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.models import Customer
from portavoce.search.finding import find
from portavoce.search.models import SearchEntry
from tests.floor import Floor

KINDS = ("customer",)


async def found(floor: Floor, text: str) -> int:
    async with floor.database.begin(floor.aurora.reading) as db:
        return len(await find(db, floor.aurora.id, text, kinds=KINDS, at_most=10))


async def gina(floor: Floor) -> Customer:
    return await floor.do(find_or_create, "email", "Gina.Verdi@Posta.Example", "Gina Verdi", "it")


async def test_a_customer_is_found_by_name_and_by_address_from_the_first_moment(floor: Floor) -> None:
    await gina(floor)
    for text in ("verdi", "gina v", "gina.verdi@posta.example", "GINA.VERDI@POSTA"):
        assert await found(floor, text) == 1, text
    assert await found(floor, "verdone") == 0


async def test_a_name_that_changed_is_found_and_the_old_one_is_not(floor: Floor) -> None:
    customer, by = await gina(floor), floor.anna
    await floor.do(edit, customer.id, {"name": "Luigia Neri"}, version=1, by=by)
    assert (await found(floor, "neri"), await found(floor, "luigia")) == (1, 1)
    assert await found(floor, "gina.verdi@posta.example") == 1
    assert await found(floor, "gina neri") == 1  # her address says Gina still


async def test_whoever_was_merged_is_found_once_under_both_names_until_they_are_parted(floor: Floor) -> None:
    survivor, by = await gina(floor), floor.anna
    merged = await floor.do(find_or_create, "email", "luigi@posta.example", "Luigi Neri", "it")
    merge_id = await floor.do(merge, survivor.id, merged.id, by=by)
    assert [await found(floor, text) for text in ("verdi", "neri", "luigi@posta.example")] == [1, 1, 1]
    assert await found(floor, "verdi neri") == 1
    await floor.do(undo_merge, merge_id, by=by)
    assert [await found(floor, text) for text in ("verdi", "neri", "verdi neri")] == [1, 1, 0]


async def test_a_customer_without_an_entry_is_entered_once(floor: Floor) -> None:
    await gina(floor)
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(delete(SearchEntry))
    assert await found(floor, "gina") == 0
    assert await floor.do(enter_missing) == 1
    assert await found(floor, "gina") == 1
    assert await floor.do(enter_missing) == 0
