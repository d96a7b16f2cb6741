"""Suggestions inside one brand, for somebody to decide."""

from __future__ import annotations

from uuid import UUID

from portavoce.customers.duplicates import Suggestion, duplicates_of
from portavoce.customers.editing import edit
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge
from portavoce.customers.models import Customer
from tests.conversations.conftest import counted
from tests.customers.profiles import gina
from tests.floor import Floor


async def suggested(floor: Floor, customer: UUID) -> list[Suggestion]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return await duplicates_of(db, customer)


async def test_the_likeliest_come_first_with_their_reasons(floor: Floor) -> None:
    customer = await gina(floor, address="gina@studio.example", name="Gina Verdi")
    await floor.do(add_identity, customer, "phone", "338 555 0142", by=floor.anna)
    called = (await floor.do(find_or_create, "whatsapp", "+39 338 555 0142", "Chi scrive", "it")).id
    tagged = await gina(floor, address="gina+shop@studio.example", name="G.")
    named = await gina(floor, address="verdi@studio.example", name="VERDI Gìna")
    await gina(floor, address="gina.verdi@gmail.com", name="Gina Verdi")
    await gina(floor, address="info@studio.example", name="Ugo Neri")
    found = await suggested(floor, customer)
    assert [(each.id, each.reasons) for each in found] == [
        (called, ("number",)), (tagged, ("mailbox",)), (named, ("name_and_domain",)),
    ]  # fmt: skip
    assert found[0].identities == ("+39 338 555 0142",)


async def test_nothing_is_merged_by_itself_and_who_was_merged_is_not_suggested(floor: Floor) -> None:
    customer = await gina(floor, address="gina@studio.example", name="Gina Verdi")
    other = await gina(floor, address="gina+a@studio.example", name="Gina Verdi")
    assert [each.id for each in await suggested(floor, customer)] == [other]
    assert len(await floor.rows(Customer)) == 2
    await floor.do(merge, customer, other, by=floor.anna)
    assert await suggested(floor, customer) == []


async def test_a_changed_name_counts_at_once_and_another_brand_never(floor: Floor) -> None:
    customer = await gina(floor, address="gina@studio.example", name="Gina")
    other = await gina(floor, address="info@studio.example", name="Gina Verdi")
    await gina(floor, address="gina@studio.example", name="Gina Verdi", at=floor.world.bosco)
    await gina(floor, address="gina+a@studio.example", name="Gina Verdi", at=floor.world.bosco)
    assert await suggested(floor, customer) == []
    await floor.do(edit, customer, {"name": "Verdi Gina"}, version=1, by=floor.anna)
    assert [each.id for each in await suggested(floor, customer)] == [other]


async def test_looking_takes_as_many_statements_however_many_there_are(floor: Floor) -> None:
    customer, counts = await gina(floor, address="gina@studio.example", name="Gina Verdi"), []
    for number in range(2):
        for each in range(number * 3):
            await gina(floor, address=f"gina+{each}@studio.example", name="Gina Verdi")
        with counted(floor.database) as statements:
            assert len(await suggested(floor, customer)) == number * 3
        counts.append(len(statements))
    assert counts == [3, 3]
