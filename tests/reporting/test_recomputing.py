"""Recompute it yourself: a month's file gives every figure again, and says where it was changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from portavoce.core.db import REPORT, Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.facts import record
from portavoce.reporting.exporting import month_file
from portavoce.reporting.models import Observation
from portavoce.reporting.months import Month
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.recomputing import recompute, recompute_file
from portavoce.sla.clocks.rules import Return
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Attainment, Rule, share_goal
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.promising import new_version, promise
from tests.reporting.reading import MARCH, reading, report
from tests.reporting.telling import Contact, tell
from tests.sla.relief.relieving import accepted, person_with, proposed, wish

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
APRIL = Month(2026, 4)
RANK = Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(7200), 9000)
MEAN = Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(7200))


@pytest.fixture
async def told(ledger: Database, aurora: Minted, clock: SteppedClock) -> bytes:
    """March of a brand with eight clauses and forty contacts."""
    await promise(
        ledger, aurora, Metric.RESOLUTION, Rule(goal=share_goal(8000), returns=Return.FIRST), within_s=9000
    )
    await promise(ledger, aurora, Metric.EVERY_RESPONSE, Rule(goal=MEAN), within_s=9000, always=True)
    await promise(ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=RANK), within_s=9000, ordinal=2)
    await promise(ledger, aurora, Metric.SATISFACTION, Rule(goal=share_goal(8000)))
    halves = Rule(goal=share_goal(9000), attainment=Attainment(1800, 8000))
    await promise(ledger, aurora, Metric.FIRST_RESPONSE, halves, within_s=9000, ordinal=3)
    await promise(ledger, aurora, Metric.HANDLE_TIME, Rule(goal=MEAN))
    await promise(
        ledger, aurora, Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=share_goal(8000)), within_s=86_400
    )
    clock.move_to(NOON + 8 * DAY)
    dice = Random(5)
    openings = [NOON + dice.random() * 8 * DAY for _ in range(40)]
    await tell(
        ledger, aurora,
        *[Contact(each, each + dice.random() * DAY if dice.random() < 0.8 else None) for each in openings[:30]],
        *[Contact(each, each + HOUR / 2, closed=each + dice.random() * DAY + HOUR) for each in openings[30:]],
    )  # fmt: skip
    return await file_of(ledger, aurora)


async def file_of(database: Database, brand: Minted, size: int = 7, month: Month = MARCH) -> bytes:
    begin = partial(database.begin, brand.reading, role=REPORT, snapshot=True)
    found = await report(database, brand, month)
    return b"".join([piece async for piece in month_file(begin, found, size=size)])


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


async def test_every_figure_comes_out_the_same_from_the_file_alone(told: bytes) -> None:
    found = recompute(lines(told))
    assert found.differences == []
    assert (found.facts > 80, found.cells > 20, found.figures) == (True, True, 8)


async def test_of_eight_figures_only_that_of_the_survey_has_no_data(told: bytes) -> None:
    values = [b'"value":null' in line for line in lines(told) if line.startswith(b'{"line":"figure"')]
    assert values == [False, False, False, False, False, False, False, True]


async def test_the_order_of_its_facts_does_not_matter(told: bytes) -> None:
    head, facts = lines(told)[:-1], lines(told)[-1:]
    Random(1).shuffle(head)
    assert recompute([*head, *facts]).differences == []


CHANGES: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda text: text.replace(b'"met":1,', b'"met":2,', 1), "the file says"),
    (lambda text: text.replace(b'"threshold_s":14400', b'"threshold_s":60', 1), "the facts give"),
    (
        lambda text: text.replace(b'\\"kind\\":\\"message.sent', b'\\"kind\\":\\"message.lost', 1),
        "its hash is not that",
    ),
    (
        lambda text: b"".join(line for line in lines(text) if b"interaction.opened" not in line),
        "the facts give",
    ),
    (lambda text: b"".join(lines(text)[:-1]), "the file was cut"),
    (lambda text: b"".join(lines(text)[:-2] + lines(text)[-1:]), "the file was cut"),
    (lambda text: text.replace(b'"value":"', b'"value":"1', 1), "the file says"),
    (lambda text: text.replace(b'"format":1', b'"format":2', 1), "has format 2"),
    (lambda text: b"nonsense\n" + text, "line 1 is not of this format"),
    (lambda text: b"", "does not say which month"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[str(n) for n in range(len(CHANGES))])
async def test_what_was_changed_in_it_is_said(
    told: bytes, change: Callable[[bytes], bytes], said: str
) -> None:
    assert change(told) != told
    assert any(said in each for each in recompute(lines(change(told))).differences)


async def test_the_command_says_what_it_compared_and_ends_with_1_where_something_differs(
    told: bytes, tmp_path: Path
) -> None:
    path, spoken = tmp_path / "march.jsonl", list[str]()
    path.write_bytes(told)
    assert recompute_file(path, spoken.append) == 0
    assert spoken[-1].startswith("8 figures and ")
    assert spoken[-1].endswith(" 0 differences.")
    path.write_bytes(CHANGES[0][0](told))
    assert recompute_file(path, spoken.append) == 1
    assert recompute_file(tmp_path / "nowhere.jsonl", spoken.append) == 1
    assert "cannot be read" in spoken[-1]


@pytest.fixture
async def relieved(told: bytes, ledger: Database, aurora: Minted) -> bytes:
    """The same month, after its client accepted that half a day excuses what was late, and was asked about another."""
    rosa = await person_with(ledger, aurora, "client_approver")
    await accepted(ledger, aurora, rosa, wish(NOON, NOON + DAY))
    await proposed(ledger, aurora, rosa, wish(NOON + 2 * DAY, NOON + 3 * DAY))
    await catch_up(ledger, aurora.id)
    return await file_of(ledger, aurora)


async def test_adjusted_figures_come_out_the_same_too_and_a_file_without_reliefs_is_as_ever(
    told: bytes, relieved: bytes
) -> None:
    assert (recompute(lines(told)).differences, recompute(lines(relieved)).differences) == ([], [])
    assert recompute(lines(relieved)).figures > recompute(lines(told)).figures
    assert recompute(lines(relieved)).facts == recompute(lines(told)).facts + 3


RELIEF_CHANGES: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda text: text.replace(b'"relieved":', b'"relieved":9', 1), "the facts relieve"),
    (lambda text: without_lines(text, b'{"line":"adjusted"'), "the file says 0"),
    (lambda text: without_lines(text, b'\\"kind\\":\\"relief.accepted'), "the facts relieve 0"),
    (lambda text: text.replace(b"force_majeure", b"bad_luck").replace(b"client_system_down", b"bad_luck"), "cannot be read"),
    (lambda text: text.replace(b'\\"starts\\":\\"2026-03-02T12', b'\\"starts\\":\\"2026-03-01T12', 1), "its hash is not that"),
    (lambda text: b'"value":"1'.join(text.rsplit(b'"value":"', 1)) if b'"line":"adjusted"' in text else text, "adjusted, the facts give"),
]  # fmt: skip


def without_lines(text: bytes, start: bytes) -> bytes:
    return b"".join(line for line in lines(text) if start not in line)


@pytest.mark.parametrize(("change", "said"), RELIEF_CHANGES, ids=[str(n) for n in range(len(RELIEF_CHANGES))])
async def test_what_was_changed_about_reliefs_is_said(
    relieved: bytes, change: Callable[[bytes], bytes], said: str
) -> None:
    assert change(relieved) != relieved
    assert any(said in each for each in recompute(lines(change(relieved))).differences)


async def test_units_of_a_clause_that_ended_with_the_month_before_have_no_adjusted_figure(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    """A contact of March in which the customer writes again in April, when another version is in force."""
    again = await promise(ledger, aurora, Metric.EVERY_RESPONSE, Rule(goal=MEAN), within_s=9000, always=True)
    start = APRIL.bounds("Europe/Rome")[0]
    clock.move_to(start + 5 * DAY)
    april = await new_version(ledger, aurora, start)
    await promise(
        ledger, aurora, Metric.FIRST_RESPONSE, Rule(goal=share_goal(8000)), within_s=9000, version_id=april
    )
    contacts = [Contact(start - DAY, start - DAY + HOUR), Contact(start + 2 * DAY, start + 2 * DAY + HOUR)]
    first, _ = await tell(ledger, aurora, *contacts)
    async with ledger.begin(aurora.writing) as db:
        record(
            db, "message.received", actor="customer", at=start + 2 * DAY, lob_id=aurora.lob_id,
            interaction_id=first, channel="email", automatic=False,
        )  # fmt: skip
    rosa = await person_with(ledger, aurora, "client_approver")
    await accepted(ledger, aurora, rosa, wish(start + DAY, start + 3 * DAY))
    await catch_up(ledger, aurora.id)
    async with reading(ledger, aurora) as db:
        kept = select(Observation.clause_id).where(Observation.at >= start)
        assert again in (await db.scalars(kept)).all()
    content = await file_of(ledger, aurora, month=APRIL)
    assert b'"line":"adjusted"' in content
    assert recompute(lines(content)).differences == []


def test_it_needs_no_database_and_no_network() -> None:
    code = "import sys, portavoce.reporting.recomputing; print(sorted({'sqlalchemy', 'psycopg', 'litestar'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
