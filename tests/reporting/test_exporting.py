"""The file of a month holds its own facts, those of nobody else, and is whole however it is read."""

from __future__ import annotations

from datetime import timedelta

from portavoce.core.db import Database
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.open_format import EndLine, FactLine, MonthLine, read_line
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.telling import Contact, tell
from tests.reporting.test_recomputing import file_of, lines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_the_file_is_the_same_in_whatever_pieces_it_is_read(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    await tell(ledger, aurora, *[Contact(NOON + n * HOUR, NOON + DAY) for n in range(9)])
    assert await file_of(ledger, aurora, size=2) == await file_of(ledger, aurora, size=1000)


async def test_it_has_the_months_contacts_with_all_their_facts_and_no_others(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 40 * DAY)
    bosco = await mint_brand(ledger, "Bosco")
    await tell(ledger, bosco, Contact(NOON))
    inside, _before = await tell(ledger, aurora, Contact(NOON, NOON + 35 * DAY), Contact(NOON - 20 * DAY))
    read = [read_line(line) for line in lines(await file_of(ledger, aurora))]
    facts = [line for line in read if isinstance(line, FactLine)]
    assert [line.n for line in facts] == [1, 2, 3]
    assert all(str(inside) in line.body for line in facts)
    assert isinstance(read[0], MonthLine)
    assert (read[0].brand_id, read[0].month) == (aurora.id, "2026-03")
    assert read[-1] == EndLine(len(read) - 1)
