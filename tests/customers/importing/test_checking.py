"""The dry run says line by line what would happen, and changes nothing."""

from __future__ import annotations

import pytest

from portavoce.customers.defining import retire_attribute
from portavoce.customers.importing import checking
from portavoce.customers.importing.beginning import choose_mapping
from portavoce.customers.models import Customer, CustomerChange, CustomerIdentity
from tests.customers.importing.files import Desk
from tests.customers.profiles import asks, gina
from tests.floor import GINA


async def test_a_file_is_looked_through_in_parts_and_nothing_is_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PART", 2)
    customer = await gina(desk.floor)
    facts = await desk.floor.last_n()
    import_id = await desk.upload(
        [
            ("Nome", "Mail", "Telefono"), ("Gina Verdi", GINA, ""), ("Ugo", "", "338 555 0199"),
            ("Leo", "leo@", ""), ("Ida", "", "+39 338 5550199"), ("Gina", GINA, ""),
        ]
    )  # fmt: skip
    entries = await desk.check(import_id)
    assert [(each.line, each.verdict, each.customer_id) for each in entries] == [
        (2, "changed", customer), (3, "new", None), (4, "wrong", None), (5, "conflict", None), (6, "conflict", None),
    ]  # fmt: skip
    row = await desk.row(import_id)
    assert (row.state, row.added, row.changed, row.same, row.wrong) == ("checked", 1, 1, 0, 3)
    assert [step.done for step in desk.told.steps] == [0, 2, 4, 5]
    assert await desk.floor.last_n() == facts
    assert len(await desk.floor.rows(Customer)) == len(await desk.floor.rows(CustomerIdentity)) == 1
    assert await desk.floor.rows(CustomerChange) == []


async def test_national_numbers_are_those_of_the_brands_country(desk: Desk) -> None:
    await desk.bring([("Telefono",), ("338 555 0142",)])
    (identity,) = await desk.floor.rows(CustomerIdentity)
    assert (identity.value, identity.shown) == ("+393385550142", "338 555 0142")


async def test_a_question_that_is_not_asked_any_more_is_to_be_chosen_anew(desk: Desk) -> None:
    level = await asks(desk.floor, "level")
    import_id = await desk.upload([("Mail", "Level"), ("a@posta.example", "Oro")])
    await desk.floor.do(choose_mapping, import_id, ["email", f"a_{level.hex}"])
    await desk.floor.do(retire_attribute, level, retired=True, by="admin")
    await desk.deliver(import_id)
    row = await desk.row(import_id)
    assert (row.state, row.problem) == ("failed", "Choose a field for each column again.")
    assert [each.verdict for each in await desk.check(import_id, ["email", ""])] == ["new"]
