"""What is read of a brand is what its month's report counts, by person, queue, outcome and reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from portavoce.brands.models import LineOfBusiness
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.reporting.cuts import WHOLE, Cut
from portavoce.reporting.facts import Anchor
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import HANDLED, SOLVED
from portavoce.reporting.sums import report_head
from portavoce.reporting.team.figures import Service, Work
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import read_brands
from portavoce.reporting.team.rows import team_report
from tests.minting import Minted, mint_brand
from tests.reporting.team.staffing import add_site, add_staff, chosen, employ, told, work

MARCH, APRIL = Month(2026, 3), Month(2026, 4)


async def month_of(database: Database, brand: Minted, month: Month) -> MonthReport:
    async with database.begin(brand.reading, snapshot=True) as db:
        anchor = Anchor(await report_head(db), b"", database.clock.now())
        return await read_month_report(db, brand.id, "Europe/Rome", month, anchor)


@pytest.fixture
async def busy(ledger: Database, aurora: Minted) -> Minted:
    """Ten people of one site, two lines of business, two months; something is late, undecided, returned."""
    site = await add_site(ledger, "Torino", authorised=True)
    people = await employ(ledger, aurora, await add_staff(ledger, site, *"ABCDEFGHIJ"))
    async with ledger.begin(aurora.writing) as db:
        other = LineOfBusiness(id=new_id(db), name="Vendite", language="it")
        db.add(other)
    start = datetime.fromisoformat("2026-03-03T09:00:00+00:00")
    for number, by in enumerate([*people, None, None]):
        at = start + timedelta(days=number)
        lob = other.id if number % 3 == 0 else None
        await work(
            ledger, aurora, by, at, lob_id=lob, reason="delivery" if number % 2 else "", returned=number == 4,
            transferred=number == 5, closed=number != 6,
        )  # fmt: skip
        await work(ledger, aurora, by, at + timedelta(days=31))
    await told(ledger, aurora)
    return aurora


async def test_figures_are_those_of_the_months_report_to_the_unit(ledger: Database, busy: Minted) -> None:
    ledger.clock.move_to(datetime.fromisoformat("2026-04-20T09:00:00+00:00"))  # type: ignore[attr-defined]  # -- the stepped clock of tests
    for month in (MARCH, APRIL):
        reads = await read_brands(ledger, [chosen(busy)], month, month)
        report = await month_of(ledger, busy, month)
        whole = team_report(reads, By.BRAND)
        lines = {row.key.id: row for row in team_report(reads, By.QUEUE).rows}
        cuts: list[tuple[Cut, Work | None, Service | None]] = [(WHOLE, whole.work, whole.service)]
        cuts += [
            (Cut(lob_id=lob), lines[str(lob)].work, lines[str(lob)].service)
            for lob in report.lobs
            if str(lob) in lines
        ]
        for cut, done, served in cuts:
            assert done is not None
            assert served is not None
            assert served.contacts == report.count("received", cut)
            assert (served.met, served.decided) == (report.count("within", cut), report.count("decided", cut))
            handled, solved = report.counts(HANDLED, cut), report.counts(SOLVED, cut)
            assert done.answered == report.count("answered", cut)
            assert (done.handled, done.used_s) == (handled.units, handled.used_s)
            assert (done.solved, done.returned) == (solved.units, solved.ended)
        for by in By:
            assert team_report(reads, by).work.answered == (0 if by is By.OUTCOME else whole.work.answered)
    assert report.count("late") > 0


async def test_two_months_are_the_sum_of_both(ledger: Database, busy: Minted) -> None:
    both = team_report(await read_brands(ledger, [chosen(busy)], MARCH, APRIL), By.AGENT)
    one, two = [
        team_report(await read_brands(ledger, [chosen(busy)], month, month), By.AGENT)
        for month in (MARCH, APRIL)
    ]
    assert both.work == one.work + two.work
    assert [row.name for row in both.rows] == list("ABCDEFGHIJ")
    assert (one.work.transferred, one.work.returned, two.work.returned) == (1, 1, 0)


async def test_reasons_and_outcomes_have_their_labels_and_nothing_else(
    ledger: Database, busy: Minted
) -> None:
    reads = await read_brands(ledger, [chosen(busy)], MARCH, MARCH)
    assert [
        (row.name, row.service.contacts) for row in team_report(reads, By.REASON).rows if row.service
    ] == [
        ("", 6),
        ("delivery", 6),
    ]
    assert [(row.name, row.work.handled) for row in team_report(reads, By.OUTCOME).rows if row.work] == [
        ("Risolto", 9)
    ]


async def test_each_brand_is_read_alone_in_nine_queries(
    ledger: Database, busy: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await mint_brand(ledger, "Bosco")
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = ledger.engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await read_brands(ledger, [chosen(busy), chosen(other, "Bosco")], MARCH, APRIL)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    begun = [each for each in seen if each.startswith("BEGIN")]
    assert [each.count("app.brand_ids") for each in begun] == [1, 1]
    assert [str(brand.id) in begin for begin in begun for brand in (busy, other)] == [
        True,
        False,
        False,
        True,
    ]
    assert all("READ ONLY" in each for each in begun)
    assert len(seen) - len(begun) == 2 * 9
