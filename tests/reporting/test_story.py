from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.contacts import Result
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor
from portavoce.reporting.story import read_story
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import counting, reading, report
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_story_tells_the_same_clock_as_the_months_list(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    interaction, _ = await tell(ledger, aurora, Contact(NOON, NOON + HOUR), Contact(NOON))
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        with counting(ledger) as queries:
            story = await read_story(db, interaction, found.anchor)
    assert len(queries) == 5
    ((clause, cycle),) = [(each.clause, each.cycle) for each in story.applied]
    assert (clause, cycle.until, story.result) == (found.clauses[0], NOON + HOUR, Result.MET)
    assert (story.ticket, story.lob, story.channel, story.opened_at) == (1, "Assistenza", "email", NOON)
    assert (len(story.facts), story.sound) == (3, True)


async def test_a_story_may_be_read_as_the_ledger_told_it_once(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    (interaction,) = await tell(ledger, aurora, Contact(NOON))
    anchor = (await report(ledger, aurora)).anchor
    await answer(ledger, aurora, interaction, NOON + HOUR)
    async with reading(ledger, aurora) as db:
        assert (await read_story(db, interaction, anchor)).applied[0].cycle.until is None
        with pytest.raises(NoReport):
            await read_story(db, interaction, Anchor(0, b"", anchor.at))


async def test_a_contact_of_another_brand_has_no_story(ledger: Database, aurora: Minted) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    (theirs,) = await tell(ledger, bosco, Contact(NOON))
    async with reading(ledger, aurora) as db:
        for stranger in (theirs, UUID(int=7)):
            with pytest.raises(NoReport):
                await read_story(db, stranger, Anchor(99, b"", NOON))
    async with reading(ledger, bosco) as db:
        assert (await read_story(db, theirs, Anchor(99, b"", NOON))).interaction_id == theirs
