"""Imports as their administrators read them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.customers.importing.errors import NoImport
from portavoce.customers.importing.queries import TROUBLE, VERDICTS, import_of, imports, report_of
from tests.conversations.conftest import counted
from tests.customers.importing.files import Desk
from tests.customers.profiles import gina
from tests.floor import GINA


async def test_a_report_lists_what_is_wrong_first_and_names_customers_of_the_page(desk: Desk) -> None:
    customer = await gina(desk.floor)
    import_id = await desk.upload([("Mail", "Nota"), ("n@posta.example", ""), (GINA, "nuova"), ("x", "")])
    await desk.check(import_id)
    with counted(desk.floor.database) as statements:
        async with desk.floor.database.begin(desk.at.reading) as db:
            page = await report_of(db, import_id, VERDICTS, first=0, most=2)
    assert len(statements) == 2
    assert [each.line for each in page.entries] == [4, 2]
    async with desk.floor.database.begin(desk.at.reading) as db:
        second = await report_of(db, import_id, VERDICTS, first=2, most=2)
        wrong = await report_of(db, import_id, TROUBLE, first=0, most=2)
    assert (second.total, second.names) == (3, {customer: "Gina"})
    assert [each.line for each in wrong.entries] == [4]


async def test_the_latest_import_comes_first_and_another_brands_does_not_come(desk: Desk) -> None:
    ids = []
    for name in ("a.csv", "b.csv"):
        ids.append(await desk.upload([("Mail",), ("n@posta.example",)], name=name))
        desk.floor.later(minutes=1)
    theirs = await Desk(desk.floor, desk.floor.world.bosco).upload([("Mail",), ("n@posta.example",)])
    async with desk.floor.database.begin(desk.at.reading) as db:
        assert [each.id for each in await imports(db)] == [ids[1], ids[0]]
        for import_id in (theirs, uuid4()):
            with pytest.raises(NoImport):
                await import_of(db, import_id)
