"""The kept files: listed, taken away, and found in the token's own brand only."""

from __future__ import annotations

from portavoce.brands.limits import set_limit
from portavoce.core.storage import Storage
from portavoce.reporting.feed_format import read_json_lines
from portavoce.reporting.feeding import feed
from portavoce.reporting.feeds import list_feeds
from tests.web.api.conftest import DAY, Program


async def test_files_are_listed_and_each_is_what_was_written(program: Program) -> None:
    assert (await program.get("/feeds")).json() == {"feeds": []}
    program.clock.advance(DAY)
    await feed(program.database, Storage(program.files), program.aurora.id)
    listed = (await program.get("/feeds")).json()["feeds"]
    assert {(each["day"], each["minutes"], each["format"]) for each in listed} == {
        ("2026-03-10", minutes, name) for minutes in (15, 30) for name in ("csv", "jsonl")
    }
    for each in listed:
        answer = await program.get(f"/feeds/{each['id']}")
        name = f"{program.aurora.slug}-2026-03-10-{each['minutes']}min.{each['format']}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        if each["format"] == "jsonl":
            head, rows = read_json_lines(answer.content)
            assert (head.n, len(rows)) == (each["n"], each["rows"])


async def test_another_brands_file_is_not_there(program: Program) -> None:
    program.clock.advance(DAY)
    await feed(program.database, Storage(program.files), program.bosco.id)
    async with program.database.begin(program.bosco.reading) as db:
        foreign = (await list_feeds(db))[0].id
    assert (await program.get(f"/feeds/{foreign}")).status_code == 404
    assert (await program.get(f"/feeds/{foreign}", brand=program.bosco)).status_code == 404


async def test_a_file_is_one_of_the_brands_exports(program: Program) -> None:
    program.clock.advance(DAY)
    await feed(program.database, Storage(program.files), program.aurora.id)
    async with program.database.begin(program.aurora.writing) as db:
        await set_limit(db, "exports_hour", 1, by="test")
    file = (await program.get("/feeds")).json()["feeds"][0]["id"]
    answers = [await program.get(f"/feeds/{file}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
