"""Messages in the search index."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from portavoce.conversations import replying
from portavoce.conversations.indexing import LOOK_BACK, enter_missing
from portavoce.search.finding import find
from portavoce.search.models import SearchEntry
from tests.floor import Floor

KINDS = ("message", "note")


async def found(floor: Floor, text: str) -> list[tuple[str, UUID]]:
    async with floor.database.begin(floor.aurora.reading) as db:
        hits = await find(db, floor.aurora.id, text, kinds=KINDS, at_most=10)
    return [(hit.kind, hit.subject_id) for hit in hits]


async def test_what_comes_in_goes_out_and_is_noted_is_found(floor: Floor) -> None:
    contact = await floor.held()
    answer = await floor.do(replying.reply, contact, "Sostituiamo la guarnizione.", by=floor.anna)
    note = await floor.do(replying.note, contact, "Cliente nervosa.", by=floor.anna)
    assert await found(floor, "guarnizioni") == [("message", answer.id)]
    assert await found(floor, "nervosa") == [("note", note.id)]
    assert len(await found(floor, "aiuto")) == 3  # the subject of all three


async def test_what_was_written_without_an_entry_is_entered_once(floor: Floor) -> None:
    """By a process of the release before, while processes are replaced."""
    message = await floor.write_in()
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(delete(SearchEntry).where(SearchEntry.kind == "message"))
    assert await found(floor, "macchina") == []
    assert await floor.do(enter_missing) == 1
    assert await found(floor, "macchina") == [("message", message.id)]
    assert await floor.do(enter_missing) == 0


async def test_older_ones_were_entered_by_the_migration_and_are_not_looked_for(floor: Floor) -> None:
    await floor.write_in()
    async with floor.database.begin(floor.aurora.writing) as db:
        await db.execute(delete(SearchEntry))
    floor.clock.advance(LOOK_BACK + timedelta(hours=1))
    assert await floor.do(enter_missing) == 0
