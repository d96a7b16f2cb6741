"""How far an act got, for its author."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portavoce.conversations.bulk.errors import NoAction
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.queries import Progress, progress_of
from portavoce.conversations.bulk.starting import begin_undoing
from tests.conversations.bulk.acting import begun, carried
from tests.database import NOON
from tests.floor import Floor

LATER = Wish("aside", until=NOON + timedelta(days=1))


async def test_it_counts_what_is_settled_forth_and_back(floor: Floor) -> None:
    contacts = [await floor.waiting(), await floor.waiting(), await floor.held(floor.world.bruno)]
    action = await begun(floor, contacts, LATER)

    async def seen() -> Progress:
        return await floor.do(progress_of, action, by=floor.anna.id)

    told = await seen()
    assert (told.running, told.gone_through, len(told.steps), told.undoing) == (True, 1, 3, False)
    await carried(floor, action)
    told = await seen()
    assert (told.running, told.gone_through, told.counts["done"]) == (False, 3, 2)
    assert [each.customer for each in told.of("left_out")] == ["Gina Verdi"]
    await floor.do(begin_undoing, action, by=floor.anna)
    told = await seen()
    assert (told.running, told.gone_through, told.undoing) == (True, 1, True)
    await carried(floor, action)
    told = await seen()
    assert (told.running, told.gone_through, told.counts["undone"]) == (False, 3, 2)


async def test_nobody_elses_and_no_other_brands(floor: Floor) -> None:
    action = await begun(floor, [await floor.waiting()], LATER)
    for brand, by, wanted in (
        (floor.aurora, floor.bruno.id, action),
        (floor.world.bosco, floor.anna.id, action),
        (floor.aurora, floor.anna.id, uuid4()),
    ):
        with pytest.raises(NoAction):
            await floor.do(progress_of, wanted, by=by, at=brand)
