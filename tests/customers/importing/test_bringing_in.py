"""What was planned is written as a hand edit would: profile, history, ledger and index, in few statements."""

from __future__ import annotations

from collections.abc import Sequence

from portavoce.audit.models import AuditEntry
from portavoce.conversations.models import Interaction
from portavoce.customers.models import Customer, CustomerChange, CustomerIdentity, CustomerValue
from portavoce.customers.queries import changes_of
from portavoce.ledger.verifying import verify_all
from portavoce.search.finding import find
from tests.conversations.conftest import counted
from tests.customers.importing.files import Desk
from tests.customers.profiles import asks, gina, read, write
from tests.floor import GINA, Floor, data

HEADINGS = ("Nome", "Mail", "Telefono", "Nota", "Level")


async def found(floor: Floor, text: str) -> int:
    async with floor.database.begin(floor.aurora.reading) as db:
        return len(await find(db, floor.aurora.id, text, kinds=["customer"], at_most=10))


async def test_somebody_new_has_all_the_line_says_and_is_found(desk: Desk) -> None:
    floor = desk.floor
    level = await asks(floor, "level")
    row = await desk.bring([HEADINGS, ("Ugo Neri", "ugo@posta.example", "338 555 0199", "=1+1", "Oro")])
    assert (row.state, row.added, row.changed, row.file_id) == ("done", 1, 0, None)
    (customer,) = await floor.rows(Customer)
    profile = await read(floor, customer.id)
    assert (profile.name, profile.language, profile.note, profile.version) == ("Ugo Neri", "it", "=1+1", 1)
    assert customer.name_key == "neri ugo"
    assert [
        (each.customer_id, each.attribute_id, each.value) for each in await floor.rows(CustomerValue)
    ] == [(customer.id, level, "Oro")]
    known = {(each.channel, each.value, each.shown) for each in await floor.rows(CustomerIdentity)}
    assert known == {
        ("email", "ugo@posta.example", "ugo@posta.example"),
        ("phone", "+393385550199", "338 555 0199"),
    }
    assert all(each.match_key for each in await floor.rows(CustomerIdentity))
    assert [await found(floor, text) for text in ("neri", "ugo@posta.example", "5550199")] == [1, 1, 1]


async def test_who_is_known_changes_and_history_ledger_and_index_name_the_import(desk: Desk) -> None:
    floor = desk.floor
    level, customer = await asks(floor, "level"), await gina(floor)
    await write(floor, customer, {f"a_{level.hex}": "Argento"})
    before = await floor.last_n()
    row = await desk.bring([HEADINGS, ("Gina Verdi", GINA, "338 555 0142", "segreto", "Oro")])
    assert (row.state, row.added, row.changed) == ("done", 0, 1)
    profile = await read(floor, customer)
    assert (profile.name, profile.note, profile.version) == ("Gina Verdi", "segreto", 3)
    assert [each.value for each in profile.answers] == ["Oro"]
    async with floor.database.begin(floor.aurora.reading) as db:
        told = [(each.alias, each.field, each.before, each.after) for each in await changes_of(db, customer)]
    assert sorted(told[:4]) == [
        ("", "attribute", "Argento", "Oro"), ("", "identity", "", "+393385550142"),
        ("", "name", "Gina", "Gina Verdi"), ("", "note", "", "segreto"),
    ]  # fmt: skip
    ours = [each for each in await floor.rows(CustomerChange) if each.import_id == row.id]
    assert len(ours) == 4
    assert {each.brand_agent_id for each in ours} == {None}
    entry = next(each for each in await floor.rows(AuditEntry) if each.action == "customers.imported")
    facts = await floor.facts(before)
    assert [(fact.kind, fact.actor, fact.cause_id) for fact in facts] == [
        ("customer.changed", "import", entry.id), ("customers.imported", "import", entry.id),
    ]  # fmt: skip
    assert data(facts[0]) == {"customer": str(customer), "fields": ["name", "note", str(level), "identity"]}
    assert data(facts[1])["customer_import"] == str(row.id)
    assert not [word for word in ("segreto", "Verdi", "Oro") for fact in facts if word in fact.body]
    assert await verify_all(floor.database, [floor.aurora.id]) == []
    assert (await found(floor, "verdi"), await found(floor, "5550142")) == (1, 1)


async def test_screens_that_show_somebody_who_changed_are_told(desk: Desk) -> None:
    floor = desk.floor
    contact = await floor.waiting()
    floor.pokes.clear()
    await desk.bring([("Mail", "Nota"), (GINA, "nuova")])
    assert ("interaction", contact) in [(poke.view, poke.id) for poke in floor.pokes]
    assert (await floor.rows(Interaction))[0].id == contact


async def test_a_part_takes_the_same_statements_however_long(desk: Desk) -> None:
    floor = desk.floor
    await asks(floor, "level")
    counts = []
    for size in (2, 30):
        people = [(f"C {size} {n}", f"c{size}.{n}@posta.example", "", "", "Oro") for n in range(size)]
        await desk.bring([HEADINGS, *people])
        changed = [(f"Di {name}", mail, "", "nota", "Argento") for name, mail, *_ in people]
        new = [(f"N {size} {n}", f"n{size}.{n}@posta.example", "", "", "Oro") for n in range(size)]
        counts.append(await _statements(desk, [HEADINGS, *changed, *new]))
    assert counts == [27, 27]


async def _statements(desk: Desk, rows: Sequence[Sequence[str]]) -> int:
    import_id = await desk.upload(rows)
    await desk.check(import_id)
    with counted(desk.floor.database) as statements:
        await desk.run(import_id)
    return len(statements)
