"""Change a profile: all or nothing, each change kept with its author, and never over somebody else's."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from portavoce.core.db import APP
from portavoce.customers.editing import edit
from portavoce.customers.errors import BadProfile, ChangedMeanwhile, NoCustomer
from portavoce.customers.models import Customer, CustomerChange, CustomerValue
from portavoce.customers.queries import changes_of
from tests.customers.profiles import asks, gina, read, write
from tests.database import NOON, Installation
from tests.floor import Floor, at_once, data, failures


async def test_what_is_given_changes_and_the_rest_stays(floor: Floor) -> None:
    customer, level = await gina(floor), await asks(floor, "level", "choice", choices=("Oro", "Argento"))
    field = f"a_{level.hex}"
    given = {"name": " Gina Verdi ", "needs": "plain_words,no_calls", "note": "Riga\nseconda", field: "Oro"}
    assert await write(floor, customer, given) == 2
    profile = await read(floor, customer)
    assert (profile.name, profile.needs, profile.note) == (
        "Gina Verdi", ("no_calls", "plain_words"), "Riga\nseconda",
    )  # fmt: skip
    assert (profile.language, profile.preferred_channel, profile.version) == ("it", "", 2)
    assert [(each.key, each.value) for each in profile.answers] == [("level", "Oro")]


async def test_each_change_is_kept_with_who_made_it_and_when(floor: Floor) -> None:
    customer, level = await gina(floor), await asks(floor, "level")
    await write(floor, customer, {"name": "Gina V.", f"a_{level.hex}": "Oro"})
    floor.later(minutes=5)
    await floor.do(edit, customer, {f"a_{level.hex}": ""}, version=2, by=floor.bruno)
    async with floor.database.begin(floor.aurora.reading) as db:
        told = await changes_of(db, customer)
    assert [(each.alias, each.field, each.label, each.before, each.after) for each in told] == [
        (told[0].alias, "attribute", "Level", "Oro", ""),
        (told[1].alias, "attribute", "Level", "", "Oro"),
        (told[2].alias, "name", "", "Gina", "Gina V."),
    ]
    assert len({each.alias for each in told}) == 2
    assert [each.at == NOON for each in told] == [False, True, True]
    assert await floor.rows(CustomerValue) == []


async def test_saving_what_is_there_already_changes_nothing(floor: Floor) -> None:
    customer = await gina(floor)
    facts = await floor.last_n()
    assert await write(floor, customer, {"name": "Gina ", "language": "it", "nonsense": "x"}) == 1
    assert await floor.rows(CustomerChange) == []
    assert await floor.last_n() == facts


async def test_one_bad_field_and_nothing_is_stored(floor: Floor) -> None:
    customer, birth = await gina(floor), await asks(floor, "birth", "date")
    given = {"name": "", "language": "xx", "needs": "wings", "preferred_channel": "pigeon",
             "preferred_moment": "night", "note": "n" * 4_001, f"a_{birth.hex}": "ieri"}  # fmt: skip
    with pytest.raises(BadProfile) as refused:
        await write(floor, customer, {**given, "nonsense": "x"})
    assert set(refused.value.fields) == set(given)
    assert (await read(floor, customer)).version == 1


async def test_who_comes_later_with_an_old_version_changes_nothing(floor: Floor) -> None:
    customer = await gina(floor)
    await write(floor, customer, {"name": "Gina Verdi"})
    with pytest.raises(ChangedMeanwhile):
        await write(floor, customer, {"note": "mia"}, version=1)
    assert (await read(floor, customer)).note == ""


async def test_of_eight_at_once_one_is_stored(floor: Floor) -> None:
    customer = await gina(floor)
    results = await at_once(*(write(floor, customer, {"name": f"Gina {n}"}) for n in range(8)))
    assert not failures(results, ChangedMeanwhile)
    assert [each for each in results if each == 2] == [2]
    assert len(await floor.rows(CustomerChange)) == 1
    (row,) = await floor.rows(Customer)
    assert row.version == 2


async def test_a_customer_or_a_question_of_another_brand_is_not_there(floor: Floor) -> None:
    here, there = await gina(floor), await gina(floor, at=floor.world.bosco)
    theirs = await asks(floor, "level", at=floor.world.bosco)
    for missing in (there, uuid4()):
        with pytest.raises(NoCustomer):
            await write(floor, missing, {"name": "x"})
    assert await write(floor, here, {f"a_{theirs.hex}": "Oro"}) == 1


async def test_the_ledger_knows_which_fields_and_never_what_they_say(floor: Floor) -> None:
    customer, level = await gina(floor), await asks(floor, "level")
    before = await floor.last_n()
    await write(floor, customer, {"name": "Gina Verdi", "note": "segreto", f"a_{level.hex}": "Oro"})
    (fact,) = await floor.facts(before)
    assert data(fact) == {"customer": str(customer), "fields": ["name", "note", str(level)]}
    assert not [word for word in ("Gina", "Verdi", "segreto", "Oro") if word in fact.body]


async def test_what_was_kept_is_never_rewritten_but_goes_with_its_customer(
    floor: Floor, installation: Installation
) -> None:
    customer = await gina(floor)
    await write(floor, customer, {"name": "Gina Verdi"})
    with psycopg.connect(installation.dsn(APP)) as connection:
        connection.execute(floor.aurora.writing.statements().encode())
        gone = connection.execute("DELETE FROM pv.customer_change RETURNING brand_id").fetchall()
        assert gone == [(floor.aurora.id,)]
        for table in ("customer_change", "customer_consent"):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"UPDATE pv.{table} SET at = now()".encode())
        connection.rollback()
