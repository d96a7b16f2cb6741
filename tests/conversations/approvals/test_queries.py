"""What the client's people find of replies that wait, and what the desk shows of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portavoce.conversations.approvals.deciding import approve
from portavoce.conversations.approvals.errors import NoApproval
from portavoce.conversations.approvals.queries import (
    approval_row,
    ended_approvals,
    last_word,
    open_approvals,
)
from portavoce.conversations.thread_queries import conversation_view
from tests.conversations.approvals.approved import REPLY, approval_of, awaiting, rosa
from tests.conversations.conftest import counted
from tests.floor import Floor


async def test_they_find_the_text_who_asks_by_alias_and_what_the_customer_said(floor: Floor) -> None:
    by, message = await rosa(floor), await awaiting(floor)
    async with floor.database.begin(floor.aurora.reading) as db:
        (row,) = await open_approvals(db)
        said = await last_word(db, row.conversation_id)
    assert (row.text, row.author, row.why, row.older) == (REPLY, message.author, "asked", False)
    assert said is not None
    assert said.body == "La macchina perde acqua."
    await floor.do(approve, row.id, person_id=by)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await open_approvals(db) == []
        (ended,) = await ended_approvals(db)
    assert (ended.state, ended.in_time) == ("approved", None)


async def test_a_newer_word_of_the_customer_marks_it_for_both(floor: Floor) -> None:
    """Not a machine's, nor one of another thread."""
    await rosa(floor)
    message = await awaiting(floor)
    approval = await approval_of(floor, message)
    floor.clock.advance(timedelta(minutes=1))
    await floor.write_in()
    await floor.write_in(thread=message.conversation_id, automatic=True)
    assert await marks(floor, approval.id, message.interaction_id) == (False, False)
    await floor.write_in(thread=message.conversation_id)
    assert await marks(floor, approval.id, message.interaction_id) == (True, True)


async def marks(floor: Floor, approval_id: UUID, contact: UUID) -> tuple[bool, bool]:
    async with floor.database.begin(floor.aurora.reading) as db:
        row = await approval_row(db, approval_id)
        head = (await conversation_view(db, contact)).head
    assert head.approval_asked is not None
    return row.older, head.approval_older


async def test_another_brand_has_none_of_them(floor: Floor) -> None:
    await rosa(floor)
    approval = await approval_of(floor, await awaiting(floor))
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await open_approvals(db) == []
        for unknown in (approval.id, uuid4()):
            with pytest.raises(NoApproval):
                await approval_row(db, unknown)


async def test_the_lists_take_as_many_statements_for_three_as_for_one(floor: Floor) -> None:
    await rosa(floor)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await awaiting(floor)
        async with floor.database.begin(floor.aurora.reading) as db:
            with counted(floor.database) as statements:
                await open_approvals(db)
                await ended_approvals(db)
        counts.append(len(statements))
    assert counts == [2, 2]
