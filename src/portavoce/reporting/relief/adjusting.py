"""The adjusted figures of a month: pure, from its units or its cells and the events that hold some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from portavoce.reporting.counts import Cell, Counts
from portavoce.reporting.observing.units import NO_CLAUSE, Unit
from portavoce.sla.relief.told import Event, accepted_windows
from portavoce.sla.relief.windows import is_late, is_relieved

Key = tuple[date, str, UUID, UUID, str]


class Held(msgspec.Struct, frozen=True):
    """How many units an event holds, and how many of them are late."""

    units: int = 0
    late: int = 0

    def __add__(self, other: Held) -> Held:
        return Held(self.units + other.units, self.late + other.late)


def relieved_units(units: Iterable[Unit], events: Sequence[Event]) -> list[Unit]:
    """Of units of clauses, those that an accepted event takes out of their figures; each once."""
    windows = accepted_windows(events)
    return [unit for unit in units if unit.clause_id != NO_CLAUSE and is_relieved(unit, windows)]


def held_units(units: Iterable[Unit], events: Iterable[Event], as_of: datetime) -> Mapping[UUID, Held]:
    """By event, whatever was decided about it; nothing among them."""
    judged = [unit for unit in units if unit.clause_id != NO_CLAUSE]
    return {
        event.id: sum(
            (Held(1, int(is_late(unit, as_of))) for unit in judged if event.window.holds(unit)), Held()
        )
        for event in events
    }


def without(cells: Iterable[Cell], relieved: Iterable[Cell]) -> list[Cell]:
    """The sums without the relieved units: of a share they leave both parts, of a mean their seconds and themselves."""
    less = {_key(cell): cell.counts for cell in relieved}
    return [
        Cell(
            cell.day, cell.measure, cell.clause_id, cell.lob_id, cell.channel, cell.counts - less[_key(cell)]
        )
        if _key(cell) in less
        else cell
        for cell in cells
    ]


def relieved_of(cells: Iterable[Cell]) -> Mapping[UUID, Counts]:
    """Counts of relieved units by clause."""
    found: dict[UUID, Counts] = {}
    for cell in cells:
        found[cell.clause_id] = found.get(cell.clause_id, Counts()) + cell.counts
    return found


def _key(cell: Cell) -> Key:
    return cell.day, cell.measure, cell.clause_id, cell.lob_id, cell.channel
