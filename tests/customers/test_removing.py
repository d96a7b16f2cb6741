"""An identity leaves a profile with a reason, and comes back as it was while nobody else has it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.customers.errors import BadProfile, CannotReturn, NoCustomer
from portavoce.customers.finding import find_or_create
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.models import CustomerIdentity, CustomerRemoval
from portavoce.customers.queries import changes_of
from portavoce.customers.removing import SHORTEN, WHY, put_back, removals_of, remove_identity
from tests.conversations.recognising.strangers import GINA, identity, known
from tests.floor import Floor, at_once, data, failures


async def test_it_goes_with_who_when_and_why_and_comes_back_as_it_was(floor: Floor) -> None:
    gina, address = await known(floor)
    before = await floor.get(CustomerIdentity, address)
    floor.later(days=1)
    after = await floor.last_n()
    row = await floor.do(remove_identity, gina, address, " Della segretaria ", by=floor.anna)
    assert (await floor.do(find_or_create, "email", "x@studio.example", "X", "it")).id != gina
    async with floor.database.begin(floor.aurora.reading) as db:
        [gone] = await removals_of(db, gina)
        assert (gone.reason, gone.alias, gone.shown) == ("Della segretaria", floor.anna.alias, before.shown)
        [change] = [each for each in await changes_of(db, gina) if each.field == "identity"]
    assert (change.before, change.after) == (GINA, "")
    await floor.do(put_back, row.id, gina, by=floor.bruno)
    back = await floor.get(CustomerIdentity, address)
    assert (back.customer_id, back.value, back.shown, back.created_at, back.match_key) == (
        gina, before.value, before.shown, before.created_at, before.match_key,
    )  # fmt: skip
    told = [fact for fact in await floor.facts(after) if "identity" in fact.kind]
    assert [fact.kind for fact in told] == ["customer.identity_removed", "customer.identity_returned"]
    assert data(told[0])["identity"] == str(address)
    assert not [fact for fact in told if "studio" in fact.body or "segretaria" in fact.body]
    acts = [each.action for each in await floor.rows(AuditEntry)]
    assert acts[-2:] == ["customer.identity_removed", "customer.identity_returned"]


async def test_who_writes_from_it_next_is_somebody_else_and_it_does_not_come_back(floor: Floor) -> None:
    gina, address = await known(floor)
    row = await floor.do(remove_identity, gina, address, "Non è sua", by=floor.anna)
    newcomer, _ = await known(floor)
    assert newcomer != gina
    with pytest.raises(CannotReturn):
        await floor.do(put_back, row.id, gina, by=floor.anna)
    assert (await floor.get(CustomerRemoval, row.id)).undone_at is None


@pytest.mark.deep
async def test_put_back_twice_at_once_it_is_back_once(floor: Floor) -> None:
    gina, address = await known(floor)
    row = await floor.do(remove_identity, gina, address, "Errore", by=floor.anna)
    done = await at_once(*(floor.do(put_back, row.id, gina, by=floor.anna) for _ in range(2)))
    assert failures(done, CannotReturn) == []
    assert len([each for each in done if isinstance(each, CannotReturn)]) == 1
    assert await identity(floor, GINA) == address


@pytest.mark.deep
@pytest.mark.parametrize(("reason", "said"), [("", WHY), ("  ", WHY), ("x" * 501, SHORTEN)])
async def test_nothing_goes_without_a_reason(floor: Floor, reason: str, said: str) -> None:
    gina, address = await known(floor)
    with pytest.raises(BadProfile) as raised:
        await floor.do(remove_identity, gina, address, reason, by=floor.anna)
    assert raised.value.fields == {"reason": said}


async def test_only_its_own_and_only_of_this_brand(floor: Floor) -> None:
    gina, address = await known(floor)
    other, _ = await known(floor, "altra@studio.example")
    theirs, foreign = await known(floor, at=floor.world.bosco)
    for customer, which in ((other, address), (gina, foreign), (theirs, foreign), (gina, uuid4())):
        with pytest.raises(NoCustomer):
            await floor.do(remove_identity, customer, which, "Prova", by=floor.anna)
    row = await floor.do(remove_identity, gina, address, "Errore", by=floor.anna)
    with pytest.raises(NoCustomer):
        await floor.do(put_back, row.id, other, by=floor.anna)


async def test_what_was_removed_goes_with_its_customer_and_comes_apart_again(floor: Floor) -> None:
    gina, address = await known(floor)
    other, _ = await known(floor, "altra@studio.example")
    row = await floor.do(remove_identity, gina, address, "Errore", by=floor.anna)
    merged = await floor.do(merge, other, gina, by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [each.id for each in await removals_of(db, other)] == [row.id]
    await floor.do(undo_merge, merged, by=floor.anna)
    await floor.do(put_back, row.id, gina, by=floor.anna)
