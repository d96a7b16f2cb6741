"""Two who are not one person: nobody is asked about them again, until somebody takes that back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.customers.duplicates import apart_of, duplicates_of
from portavoce.customers.errors import CannotMerge, NoCustomer
from portavoce.customers.models import CustomerApart
from portavoce.customers.parting import keep_apart, suggest_again
from tests.conversations.conftest import counted
from tests.conversations.recognising.strangers import known
from tests.floor import Floor, at_once, failures


async def suggested(floor: Floor, customer: UUID) -> set[UUID]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return {each.id for each in await duplicates_of(db, customer)}


async def test_the_pair_is_remembered_from_both_sides_and_for_no_third(floor: Floor) -> None:
    gina, _ = await known(floor, "gina@studio.example")
    twin, _ = await known(floor, "g.verdi@studio.example")
    third, _ = await known(floor, "verdi@studio.example")
    assert await suggested(floor, gina) == {twin, third}
    await floor.do(keep_apart, gina, twin, by=floor.anna)
    assert await suggested(floor, gina) == {third}
    assert await suggested(floor, twin) == {third}
    async with floor.database.begin(floor.aurora.reading) as db:
        for each in (gina, twin):
            [said] = await apart_of(db, each)
            assert (said.name, said.alias) == ("Gina Verdi", floor.anna.alias)
        with counted(floor.database) as asked:
            await duplicates_of(db, gina)
    assert len(asked) == 3
    await floor.do(suggest_again, said.id, twin, by=floor.bruno)
    assert await suggested(floor, gina) == {twin, third}
    with pytest.raises(CannotMerge):
        await floor.do(suggest_again, said.id, gina, by=floor.bruno)


@pytest.mark.deep
async def test_said_by_two_at_once_it_is_said_once(floor: Floor) -> None:
    gina, _ = await known(floor, "gina@studio.example")
    twin, _ = await known(floor, "g.verdi@studio.example")
    done = await at_once(
        floor.do(keep_apart, gina, twin, by=floor.anna), floor.do(keep_apart, twin, gina, by=floor.bruno)
    )
    assert failures(done) == []
    assert len(await floor.rows(CustomerApart)) == 1
    kinds = [fact.kind for fact in await floor.facts() if fact.kind == "customer.kept_apart"]
    noted = [each.action for each in await floor.rows(AuditEntry) if each.action == "customer.kept_apart"]
    assert len(kinds) == len(noted) == 1


async def test_nobody_of_another_brand(floor: Floor) -> None:
    """SEC-03."""
    gina, _ = await known(floor)
    theirs, _ = await known(floor, at=floor.world.bosco)
    for other in (theirs, uuid4()):
        with pytest.raises(NoCustomer):
            await floor.do(keep_apart, gina, other, by=floor.anna)
    with pytest.raises(CannotMerge):
        await floor.do(keep_apart, gina, gina, by=floor.anna)
    with pytest.raises(NoCustomer):
        await floor.do(suggest_again, uuid4(), gina, by=floor.anna)
    assert await floor.rows(CustomerApart) == []
