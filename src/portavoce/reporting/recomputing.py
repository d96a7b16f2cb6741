"""Compute a month again from its file alone: no database, no clock, nothing but the facts and the clauses in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import msgspec

from portavoce.ledger.chain import link
from portavoce.reporting.attaining import attained, slots_of
from portavoce.reporting.counts import Cell, Counts, count_units, counts_of
from portavoce.reporting.figures import value_of
from portavoce.reporting.months import read_month
from portavoce.reporting.observing.units import Unit, units
from portavoce.reporting.open_format import (
    FORMAT,
    AdjustedLine,
    CellLine,
    EndLine,
    FactLine,
    FigureLine,
    MonthLine,
    ReliefLine,
    VersionLine,
    read_line,
)
from portavoce.reporting.relief.adjusting import relieved_units
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.rules import Terms
from portavoce.sla.goals import Statistic
from portavoce.sla.measures.waits import waits
from portavoce.sla.relief.told import ReliefFact, read_events
from portavoce.sla.rules import Clause, terms_from


class Recomputed(msgspec.Struct, frozen=True):
    """How much was compared, and in words each thing that differs; none means that all of it comes out the same."""

    facts: int
    cells: int
    figures: int
    differences: list[str]


def recompute_file(path: Path, say: Callable[[str], object]) -> int:
    """The exit code: 0 when every figure comes out the same, else 1; in words what was compared and what differs."""
    try:
        with path.open("rb") as lines:
            found = recompute(lines)
    except OSError as error:
        say(f"{path} cannot be read: {error.strerror}")
        return 1
    for difference in found.differences:
        say(difference)
    say(
        f"{found.figures} figures and {found.cells} counts computed again from {found.facts} facts, "
        f"{len(found.differences)} differences."
    )
    return 1 if found.differences else 0


class File(msgspec.Struct):
    month: MonthLine | None = None
    versions: list[VersionLine] = []
    facts: list[FactLine] = []
    reliefs: list[ReliefLine] = []
    adjusted: list[AdjustedLine] = []
    cells: list[Cell] = []
    figures: list[FigureLine] = []
    faults: list[str] = []


class _ReliefBody(msgspec.Struct):
    kind: str
    at: datetime
    lob_id: UUID | None
    interaction_id: UUID | None
    data: dict[str, object]


class _Body(msgspec.Struct):
    kind: str
    at: datetime
    interaction_id: UUID
    lob_id: UUID | None
    to_state: str | None
    brand_agent_id: UUID | None
    data: dict[str, object]


def recompute(lines: Iterable[bytes]) -> Recomputed:
    """Of the lines of one file."""
    file = _read(lines)
    if file.month is None or (month := read_month(file.month.month)) is None:
        return Recomputed(0, 0, 0, [*file.faults, "the file does not say which month it is"])
    found = _units(file, file.month)
    start, end = month.bounds(file.month.zone)
    inside = [unit for unit in found if start <= unit.at < end]
    cells = count_units(found, file.month.zone, start, end, file.month.at)
    differences = [
        *file.faults,
        *_unsound([*file.facts, *file.reliefs]),
        *_cells_that_differ(cells, file.cells),
        *_figures_that_differ(file, file.figures, inside),
        *_adjusted_that_differ(file, inside),
    ]
    figures = len(file.figures) + len(file.adjusted)
    return Recomputed(len(file.facts) + len(file.reliefs), len(file.cells), figures, differences)


def _read(lines: Iterable[bytes]) -> File:
    file, ended = File(), False
    for seen, text in enumerate(lines):
        try:
            line = read_line(text)
        except (msgspec.MsgspecError, ValueError) as error:
            file.faults.append(f"line {seen + 1} is not of this format: {error}")
            return file
        match line:
            case MonthLine():
                file.month = line
                if line.format != FORMAT:
                    file.faults.append(f"the file has format {line.format}, this program reads {FORMAT}")
            case VersionLine():
                file.versions.append(line)
            case FactLine():
                file.facts.append(line)
            case CellLine():
                file.cells.append(line.cell)
            case FigureLine():
                file.figures.append(line)
            case ReliefLine():
                file.reliefs.append(line)
            case AdjustedLine():
                file.adjusted.append(line)
            case EndLine():
                ended = line.lines == seen
    if not ended:
        file.faults.append("the file was cut: its end is missing")
    return file


def _unsound(facts: Iterable[FactLine | ReliefLine]) -> Iterator[str]:
    for fact in facts:
        if link(bytes.fromhex(fact.prev), fact.n, fact.body).hex() != fact.hash:
            yield f"fact {fact.n}: its hash is not that of its text"


def _units(file: File, month: MonthLine) -> list[Unit]:
    stories: dict[UUID, list[Fact]] = defaultdict(list)
    for line in file.facts:
        body = msgspec.json.decode(line.body, type=_Body)
        fact = Fact(
            body.kind,
            body.interaction_id,
            body.at,
            body.lob_id,
            body.data,
            line.n,
            body.to_state,
            body.brand_agent_id,
        )
        stories[body.interaction_id].append(fact)
    terms = _terms(file.versions)
    last = max([month.at, *(fact.at for facts in stories.values() for fact in facts)])
    return [unit for facts in stories.values() for unit in units(facts, terms, last)]


def _terms(versions: Sequence[VersionLine]) -> list[Terms]:
    ordered = sorted(versions, key=lambda version: version.valid_from)
    return [terms_from(version.valid_from, version.clauses) for version in ordered]


def _cells_that_differ(found: Sequence[Cell], told: Sequence[Cell]) -> Iterator[str]:
    ours, theirs = _by_key(found), _by_key(told)
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            day, measure, clause, *_ = key
            yield f"{day} {measure} of clause {clause}: the facts give {ours.get(key)}, the file says {theirs.get(key)}"


def _by_key(cells: Iterable[Cell]) -> Mapping[tuple[str, ...], Counts]:
    return {
        (str(cell.day), cell.measure, str(cell.clause_id), str(cell.lob_id), cell.channel): cell.counts
        for cell in cells
    }


def _figures_that_differ(
    file: File, figures: Iterable[FigureLine | AdjustedLine], found: Sequence[Unit]
) -> Iterator[str]:
    """`found` are the units that the figures are of."""
    assert file.month is not None, "asked before"
    clauses = {clause.id: clause for version in file.versions for clause in version.clauses}
    for figure in figures:
        clause = clauses.get(figure.clause_id)
        if clause is None:
            yield f"clause {figure.clause_id} is in no version of the contract"
            continue
        own = [unit for unit in found if unit.clause_id == clause.id]
        value = exact(_value(clause, own, file.month.at))
        if value != figure.value:
            said = "adjusted, " if isinstance(figure, AdjustedLine) else ""
            yield f"clause {clause.id}: {said}the facts give {value}, the file says {figure.value}"


def _adjusted_that_differ(file: File, inside: Sequence[Unit]) -> Iterator[str]:
    """`inside` are the units of the month; only what has a measured figure has an adjusted one."""
    try:
        events = read_events(_relief_fact(line) for line in file.reliefs)
    except (msgspec.MsgspecError, ValueError, KeyError) as error:
        yield f"the facts of reliefs cannot be read: {error}"
        return
    told = {line.clause_id for line in file.figures}
    relieved = [unit for unit in relieved_units(inside, events) if unit.clause_id in told]
    ours = Counter(unit.clause_id for unit in relieved)
    theirs = {line.clause_id: line.relieved for line in file.adjusted}
    for clause_id in sorted(ours.keys() | theirs.keys()):
        if ours.get(clause_id) != theirs.get(clause_id):
            yield (
                f"clause {clause_id}: the facts relieve {ours.get(clause_id, 0)} units, "
                f"the file says {theirs.get(clause_id, 0)}"
            )
    gone = {(unit.interaction_id, unit.key) for unit in relieved}
    left = [unit for unit in inside if (unit.interaction_id, unit.key) not in gone]
    yield from _figures_that_differ(file, file.adjusted, left)


def _relief_fact(line: ReliefLine) -> ReliefFact:
    body = msgspec.json.decode(line.body, type=_ReliefBody)
    return ReliefFact(line.n, body.kind, body.at, body.lob_id, body.interaction_id, body.data)


def _value(clause: Clause, own: Sequence[Unit], as_of: datetime) -> Fraction | None:
    if clause.rule.attainment is not None:
        return attained(clause, slots_of(own, as_of))
    goal, rank = clause.rule.goal, None
    if goal.statistic is Statistic.PERCENTILE:
        ended = [unit.used_s for unit in own if unit.until is not None]
        rank = waits(ended).percentile_s(goal.percentile_bp or 0)
    return value_of(clause, sum((counts_of(unit, as_of) for unit in own), Counts()), rank)


def exact(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"
