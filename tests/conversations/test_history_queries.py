"""A contact's past in pages: each row once, in order, whatever comes meanwhile."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from portavoce.conversations.history_queries import Window, earlier_contacts, messages_of, moment_of
from portavoce.conversations.models import Conversation
from portavoce.core.db import APP
from tests.database import NOON
from tests.floor import Floor

SAME_MOMENT = timedelta(0)
MINUTE = timedelta(minutes=1)


async def said(floor: Floor, count: int, apart: timedelta = MINUTE) -> tuple[UUID, list[UUID]]:
    """A thread of `count` messages; gives it with their ids in order."""
    first = await floor.write_in()
    ids = [first.id]
    for _ in range(count - 1):
        floor.clock.advance(apart)
        ids.append((await floor.write_in(thread=first.conversation_id)).id)
    return first.conversation_id, ids


async def page(floor: Floor, thread: UUID, window: Window) -> tuple[list[UUID], bool]:
    async with floor.database.begin(floor.aurora.reading) as db:
        rows, more = await messages_of(db, [thread], window)
    return [row.id for row in rows], more


@pytest.mark.parametrize("apart", [MINUTE, SAME_MOMENT])
async def test_page_by_page_upwards_every_message_is_read_once(floor: Floor, apart: timedelta) -> None:
    thread, ids = await said(floor, 7, apart)
    found, more = await page(floor, thread, Window(3))
    pages = [found]
    while more:
        found, more = await page(floor, thread, Window(3, before=pages[0][0]))
        pages.insert(0, found)
    assert [len(each) for each in pages] == [1, 3, 3]
    assert [each for one in pages for each in one] == ids


@pytest.mark.parametrize("apart", [MINUTE, SAME_MOMENT])
async def test_read_again_a_page_begins_where_it_began_however_many_came(
    floor: Floor, apart: timedelta
) -> None:
    thread, ids = await said(floor, 5, apart)
    shown, _ = await page(floor, thread, Window(2))
    came = [(await floor.write_in(thread=thread)).id for _ in range(4)]
    again, more = await page(floor, thread, Window(2, since=shown[0]))
    assert (again, more) == (ids[3:] + came, False)


async def test_before_a_message_that_is_not_there_is_nothing_and_since_it_everything(floor: Floor) -> None:
    thread, ids = await said(floor, 3)
    assert await page(floor, thread, Window(2, before=uuid4())) == ([], False)
    assert await page(floor, thread, Window(2, since=uuid4())) == (ids, False)


async def test_the_moment_of_a_message_is_that_of_the_brand_alone(floor: Floor) -> None:
    _, [first] = await said(floor, 1)
    foreign = await floor.write_in(at=floor.world.bosco)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await moment_of(db, first) == NOON
        assert await moment_of(db, foreign.id) is None


async def test_earlier_contacts_come_in_pages_too_in_one_statement_each(floor: Floor) -> None:
    contacts = []
    for _ in range(5):
        contacts.append(await floor.write_in())
        floor.later(minutes=1)
    last = await floor.get(Conversation, contacts[-1].conversation_id)
    statements: list[str] = []
    async with floor.database.begin(floor.aurora.reading) as db:
        listened = floor.database.engine(APP).sync_engine
        event.listen(listened, "before_cursor_execute", lambda *args: statements.append(args[2]))
        rows, more = await earlier_contacts(db, last.customer_id, last.id, Window(2))
        older, yet = await earlier_contacts(
            db, last.customer_id, last.id, Window(2, before=rows[0].interaction_id)
        )
    assert [each.split()[0] for each in statements if "pv." in each] == ["SELECT", "SELECT"]
    assert (more, yet) == (True, False)
    read = [row.interaction_id for row in (*older, *rows)]
    assert read == [each.interaction_id for each in contacts[:-1]]
