"""A file is kept, its columns are chosen, and it is started or put away by whoever may, once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.brands.limits import set_limit
from portavoce.core.models import Outbox, StoredFile
from portavoce.customers.importing import beginning
from portavoce.customers.importing.beginning import bring_file, choose_mapping, put_away, start
from portavoce.customers.importing.errors import BadFile, BadMapping, NoImport, NotNow
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.importing.queries import columns_of
from tests.customers.importing.files import Desk, csv_of
from tests.customers.profiles import asks

ROWS = (("Nome", "Mail", "Level"), ("Gina", "gina@posta.example", "Oro"))


async def test_a_file_is_kept_with_what_its_headings_suggest(desk: Desk) -> None:
    level = await asks(desk.floor, "level")
    import_id = await desk.upload(ROWS, name="clienti\x00\n.csv")
    row = await desk.row(import_id)
    assert (row.state, row.name, row.rows) == ("uploaded", "clienti.csv", 1)
    async with desk.floor.database.begin(desk.at.reading) as db:
        assert (await columns_of(db, import_id)).mapping == ["name", "email", f"a_{level.hex}"]
    (file,) = await desk.floor.rows(StoredFile)
    assert desk.floor.world.storage.read(file) == csv_of(ROWS)
    assert await desk.floor.rows(Outbox) == []


async def test_room_is_bounded_by_the_brands_limit_and_by_what_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "MOST_OPEN", 2)
    await desk.floor.do(set_limit, "stored_mb", 1, by="admin")
    big = csv_of([("Mail", "Nota"), *((f"a{n}@posta.example", "x" * 100_000) for n in range(11))])
    with pytest.raises(BadFile, match="room for files is full"):
        await desk.floor.do(bring_file, desk.floor.world.storage, big, "big.csv")
    first = await desk.upload(ROWS)
    await desk.upload(ROWS)
    with pytest.raises(BadFile, match="open already"):
        await desk.upload(ROWS)
    await desk.floor.do(put_away, first)
    await desk.upload(ROWS)


async def test_choosing_the_columns_begins_one_dry_run(desk: Desk) -> None:
    import_id = await desk.upload(ROWS)
    with pytest.raises(BadMapping):
        await desk.floor.do(choose_mapping, import_id, ["name", "note", ""])
    await desk.floor.do(choose_mapping, import_id, ["name", "email", ""])
    for verb, more in ((choose_mapping, (["name", "email", ""],)), (start, ()), (put_away, ())):
        with pytest.raises(NotNow):
            await desk.floor.do(verb, import_id, *more)
    (row,) = await desk.floor.rows(Outbox)
    assert (row.topic, row.ref_id) == ("customers.import", import_id)


async def test_a_file_with_a_mistake_or_without_news_is_not_started(desk: Desk) -> None:
    wrong = await desk.upload([("Mail",), ("no address",)])
    await desk.check(wrong)
    with pytest.raises(NotNow, match="without any mistake"):
        await desk.floor.do(start, wrong)
    assert (await desk.bring(ROWS)).state == "done"
    again = await desk.upload(ROWS)
    await desk.check(again)
    with pytest.raises(NotNow, match="nothing new"):
        await desk.floor.do(start, again)


async def test_what_is_put_away_leaves_no_file_and_nothing_that_names_anybody(desk: Desk) -> None:
    import_id = await desk.upload(ROWS)
    await desk.check(import_id)
    await desk.floor.do(put_away, import_id)
    row = await desk.row(import_id)
    assert (row.state, row.file_id, row.name, row.headings, row.mapping, row.report) == (
        "discarded", None, "", "[]", "[]", "",
    )  # fmt: skip
    assert await desk.floor.rows(StoredFile) == []
    with pytest.raises(NotNow, match="has ended"):
        await desk.floor.do(put_away, import_id)
    acts = [each.action for each in await desk.floor.rows(AuditEntry)]
    assert acts[-2:] == ["customers.uploaded", "customers.import_put_away"]


async def test_another_brands_import_is_not_there(desk: Desk) -> None:
    theirs = await Desk(desk.floor, desk.floor.world.bosco).upload(ROWS)
    for import_id in (theirs, uuid4()):
        for verb, more in ((choose_mapping, (["name", "email", ""],)), (start, ()), (put_away, ())):
            with pytest.raises(NoImport):
                await desk.floor.do(verb, import_id, *more)
    assert await desk.floor.rows(CustomerImport) == []
