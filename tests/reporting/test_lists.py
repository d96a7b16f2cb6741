"""The list behind every number: as long as the number says, in any order, at once and in parts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest

from portavoce.brands.models import LineOfBusiness
from portavoce.core.db import REPORT, Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.contacts import PAGE, SORTS, Result
from portavoce.reporting.contacts import Contact as Listed
from portavoce.reporting.cuts import WHOLE, Cut
from portavoce.reporting.errors import NoReport
from portavoce.reporting.lists import read_all, read_in_parts, read_latest, read_page, read_quarters
from portavoce.reporting.month import FIGURES, MonthReport
from portavoce.reporting.months import day_of
from portavoce.sla.rules import share_goal
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.reading import counting, reading, report, report_in
from tests.reporting.telling import Contact, answer, tell

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = 10_000


async def listed(
    database: Database, brand: Minted, found: MonthReport, figure: str, cut: Cut = WHOLE, sort: str = "opened"
) -> list[Listed]:
    async with reading(database, brand) as db:
        contacts = await read_all(db, found, figure, cut, sort=sort, at_most=ALL)
        assert contacts is not None
        return contacts


def cuts(found: MonthReport) -> list[Cut]:
    weeks = [Cut(week=week) for week in found.month.weeks()]
    days = [Cut(weekday=day) for day in range(7)]
    lines = [Cut(lob_id=lob) for lob in found.lobs]
    return [WHOLE, *weeks, *days, *lines, *(Cut(clause_id=clause.id) for clause in found.clauses)]


async def test_every_number_is_the_length_of_its_list_and_the_figures_make_up_the_whole(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 20 * DAY)
    async with ledger.begin(aurora.writing) as db:
        second = LineOfBusiness(id=new_id(db), name="Ordini", language="it")
        db.add(second)
    dice = Random(7)
    told = []
    for _ in range(60):
        opened = NOON + dice.random() * 20 * DAY
        answered = opened + dice.random() * DAY if dice.random() < 0.8 else None
        told.append(Contact(opened, answered, lob_id=second.id if dice.random() < 0.3 else None))
    await tell(ledger, aurora, *told)
    found = await report(ledger, aurora)
    for cut in cuts(found):
        sizes = {figure: len(await listed(ledger, aurora, found, figure, cut)) for figure in FIGURES}
        assert sizes == {figure: found.count(figure, cut) for figure in FIGURES}
        parts = sum(sizes[figure] for figure in ("within", "late", "running", "no_clause"))
        assert (parts, sizes["decided"]) == (sizes["received"], sizes["within"] + sizes["late"])
    for kind in ("week", "weekday", "lob_id"):
        each_part = [cut for cut in cuts(found) if getattr(cut, kind) is not None]
        assert sum(found.count("received", cut) for cut in each_part) == 60


async def test_a_contact_shows_its_clock_its_ticket_and_who_answered_first(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    _, anna = await mint_agent(ledger, aurora)
    _, bruno = await mint_agent(ledger, aurora, "Bruno")
    (interaction,) = await tell(ledger, aurora, Contact(NOON, NOON + 2 * HOUR, anna, automatic=True))
    await answer(ledger, aurora, interaction, NOON + 3 * HOUR, bruno)
    found = await report(ledger, aurora)
    for figure in ("received", "within"):
        (contact,) = await listed(ledger, aurora, found, figure)
        assert (contact.interaction_id, contact.ticket, contact.channel) == (interaction, 1, "email")
        assert (contact.since, contact.until, contact.due_at) == (NOON, NOON + 2 * HOUR, NOON + 4 * HOUR)
        assert (contact.result, contact.brand_agent_id, contact.lob) == (Result.MET, anna, "Assistenza")
        assert contact.wait(NOON + DAY) == 2 * HOUR
        assert contact.clause is not None
        assert (contact.clause.rule.goal, contact.clause.version) == (share_goal(9000), 1)


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
async def test_every_order_keeps_every_contact_and_missing_values_come_last(
    ledger: Database, aurora: Minted, clock: SteppedClock, sort: str
) -> None:
    clock.move_to(NOON + 2 * DAY)
    told = [Contact(NOON + n * HOUR, None if n % 2 else NOON + (9 - n) * HOUR) for n in range(6)]
    await tell(ledger, aurora, *told)
    found = await report(ledger, aurora)
    contacts = await listed(ledger, aurora, found, "received", sort=sort)
    assert sorted(each.ticket or 0 for each in contacts) == [1, 2, 3, 4, 5, 6]
    if sort.endswith("answered"):
        assert [each.ticket for each in contacts if each.until] == (
            [5, 3, 1] if sort[0] != "-" else [1, 3, 5]
        )
        assert [each.until for each in contacts[3:]] == [None] * 3


@pytest.mark.parametrize("sort", ["", "-", "name", "--opened", "opened;"])
async def test_an_unknown_order_is_no_page(ledger: Database, aurora: Minted, sort: str) -> None:
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        with pytest.raises(NoReport):
            await read_page(db, found, "received", sort=sort)


async def test_pages_hold_each_contact_once_and_there_is_none_beyond(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    told = await tell(ledger, aurora, *[Contact(NOON)] * (PAGE + 1))
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        pages = [await read_page(db, found, "received", number=number) for number in (1, 2)]
        for number in (0, -1, 3):
            with pytest.raises(NoReport):
                await read_page(db, found, "received", number=number)
        empty = await read_page(db, found, "answered")
    assert sorted(each.interaction_id for page in pages for each in page.contacts) == sorted(told)
    assert [(page.first, page.last, page.total, page.is_last) for page in pages] == [
        (1, PAGE, PAGE + 1, False),
        (PAGE + 1, PAGE + 1, PAGE + 1, True),
    ]
    assert (empty.first, empty.last, empty.total) == (0, 0, 0)


async def test_the_parts_together_are_what_is_read_at_once_and_each_is_a_transaction(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 2 * DAY)
    await tell(
        ledger, aurora, *[Contact(NOON + (n % 4) * HOUR, NOON + DAY if n % 3 else None) for n in range(23)]
    )
    found = await report(ledger, aurora)
    begin = partial(ledger.begin, aurora.reading, role=REPORT, snapshot=True)
    for figure in ("received", "late"):
        parts = [part async for part in read_in_parts(begin, found, figure, size=4)]
        await tell(ledger, aurora, Contact(NOON))
        assert {len(part) for part in parts[:-1]} == {4}
        assert [each for part in parts for each in part] == await listed(ledger, aurora, found, figure)


async def test_the_latest_come_newest_first(ledger: Database, aurora: Minted, clock: SteppedClock) -> None:
    clock.move_to(NOON + 5 * DAY)
    await tell(ledger, aurora, *[Contact(NOON + n * HOUR) for n in range(4)])
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        assert [each.ticket for each in await read_latest(db, found, "late", 3)] == [4, 3, 2]


async def test_a_list_may_be_too_long_to_be_read_at_once(ledger: Database, aurora: Minted) -> None:
    await tell(ledger, aurora, *[Contact(NOON)] * 3)
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        assert await read_all(db, found, "received", WHOLE, sort="opened", at_most=2) is None


async def test_an_earlier_state_lists_what_stood_then(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    (interaction,) = await tell(ledger, aurora, Contact(NOON))
    before = await report(ledger, aurora)
    earlier = await listed(ledger, aurora, before, "received")
    await answer(ledger, aurora, interaction, NOON + HOUR)
    await tell(ledger, aurora, Contact(NOON))
    assert await listed(ledger, aurora, before, "received") == earlier
    assert await listed(ledger, aurora, before, "answered") == []
    assert len(await listed(ledger, aurora, await report(ledger, aurora), "answered")) == 1


async def test_nobody_elses_contacts_are_listed(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + DAY)
    bosco = await mint_brand(ledger, "Bosco")
    ours = await tell(ledger, aurora, Contact(NOON))
    await tell(ledger, bosco, Contact(NOON), Contact(NOON, NOON + HOUR))
    found = await listed(ledger, aurora, await report(ledger, aurora), "received")
    assert [each.interaction_id for each in found] == ours


@pytest.mark.parametrize(
    ("figure", "cut"),
    [("rumour", WHOLE), ("", WHOLE), ("within", Cut(clause_id=UUID(int=1)))],
)
async def test_what_is_no_figure_or_part_has_no_list(
    ledger: Database, aurora: Minted, figure: str, cut: Cut
) -> None:
    found = await report(ledger, aurora)
    async with reading(ledger, aurora) as db:
        with pytest.raises(NoReport):
            await read_page(db, found, figure, cut)


@pytest.mark.parametrize(("figure", "queries"), [("received", 3), ("late", 2), ("no_clause", 2)])
async def test_a_page_takes_the_same_queries_however_long_the_list(
    ledger: Database, aurora: Minted, clock: SteppedClock, figure: str, queries: int
) -> None:
    clock.move_to(NOON + 3 * DAY)
    await tell(ledger, aurora, *[Contact(NOON)] * 4, Contact(NOON, channel="chat"))
    async with reading(ledger, aurora) as db:
        found = await report_in(db, aurora)
        with counting(ledger) as seen:
            await read_page(db, found, figure)
    assert len(seen) == (queries + 1 if figure == "no_clause" else queries)


async def test_quarters_of_a_day_add_up_to_its_list(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    clock.move_to(NOON + 2 * DAY)
    minute = timedelta(minutes=1)
    await tell(ledger, aurora, *[Contact(NOON + n * 7 * minute) for n in range(9)], Contact(NOON + DAY))
    found = await report(ledger, aurora)
    cut = Cut(day=day_of(NOON, "Europe/Rome"))
    async with reading(ledger, aurora) as db:
        quarters = await read_quarters(db, found, "received", cut)
    assert [(begins - NOON, count) for begins, count in quarters] == [
        (timedelta(0), 3), (15 * minute, 2), (30 * minute, 2), (45 * minute, 2),
    ]  # fmt: skip
    for begins, count in quarters:
        assert len(await listed(ledger, aurora, found, "received", Cut(quarter=begins))) == count
