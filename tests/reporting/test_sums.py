from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest

from portavoce.core.db import Database
from portavoce.core.unit import now
from portavoce.kit.clock import SteppedClock
from portavoce.reporting import sums
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import Anchor
from portavoce.reporting.sums import read_sums
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import MARCH, counting, reading
from tests.reporting.telling import Contact, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROME = "Europe/Rome"


@dataclass
class Read:
    n: int


async def test_kept_sums_are_those_of_what_stood(
    ledger: Database, aurora: Minted, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read both ways at the same state; the second way is that of every earlier state."""
    clock.move_to(NOON + 15 * DAY)
    dice = Random(3)
    openings = [NOON + dice.random() * 15 * DAY for _ in range(50)]
    await tell(
        ledger,
        aurora,
        *[Contact(each, each + dice.random() * DAY if dice.random() < 0.7 else None) for each in openings],
    )
    async with reading(ledger, aurora) as db:
        anchor = Anchor(await sums.report_head(db), b"", now(db))
        kept = await read_sums(db, ROME, MARCH.bounds(ROME), anchor)

        async def another(_: object) -> int:
            return -1

        monkeypatch.setattr(sums, "report_head", another)
        assert await read_sums(db, ROME, MARCH.bounds(ROME), anchor) == kept
    overdue = sum(cell.counts.overdue for cell in kept)
    assert overdue > 0
    assert sum(cell.counts.units for cell in kept if cell.measure == "contact") == 50


def test_counts_add_up_and_say_what_runs() -> None:
    one = Counts(units=5, ended=2, met=1, late=1, let_go=1, overdue=1, used_s=60)
    assert one + Counts() == one
    assert (one + one).used_s == 120
    assert (one.decided, one.running) == (3, 1)


async def test_what_is_counted_at_the_end_of_a_stretch_is_not_in_it(ledger: Database, aurora: Minted) -> None:
    start, end = MARCH.bounds(ROME)
    await tell(ledger, aurora, Contact(start), Contact(end - timedelta(microseconds=1)), Contact(end))
    async with reading(ledger, aurora) as db:
        anchor = Anchor(await sums.report_head(db), b"", now(db))
        found = await read_sums(db, ROME, (start, end), anchor)
    assert sum(cell.counts.units for cell in found if cell.measure == "contact") == 2


@pytest.mark.parametrize("contacts", [0, 9])
async def test_sums_take_three_queries_whatever_there_is(
    ledger: Database, aurora: Minted, contacts: int
) -> None:
    await tell(ledger, aurora, *[Contact(NOON)] * contacts)
    async with reading(ledger, aurora) as db:
        anchor = Anchor(await sums.report_head(db), b"", now(db))
        with counting(ledger) as seen:
            await read_sums(db, ROME, MARCH.bounds(ROME), anchor)
    assert len(seen) == 3
