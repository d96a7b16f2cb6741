"""The adjusted figures of a month: pure, from its cells and the late units that events touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from portavoce.reporting.counts import Cell, Counts, count_units
from portavoce.reporting.observing.units import NO_CLAUSE, Unit
from portavoce.sla.relief.told import Event, accepted_windows
from portavoce.sla.relief.windows import relieved_by

Key = tuple[date, str, UUID, UUID, str]


def relieved_units(units: Iterable[Unit], events: Sequence[Event], as_of: datetime) -> list[Unit]:
    """Of units of clauses, those that an accepted event excuses; each once."""
    windows = accepted_windows(events)
    return [unit for unit in units if unit.clause_id != NO_CLAUSE and relieved_by(unit, windows, as_of)]


def touched_counts(units: Iterable[Unit], events: Sequence[Event], as_of: datetime) -> Mapping[UUID, int]:
    """How many late units each event touches, whatever was decided about it; zero among them."""
    late = [unit for unit in units if unit.clause_id != NO_CLAUSE]
    return {event.id: sum(event.window.touches(unit, as_of) for unit in late) for event in events}


def relieved_cells(
    relieved: Iterable[Unit], zone: str, bounds: tuple[datetime, datetime], as_of: datetime
) -> list[Cell]:
    """What the relieved units are in the sums of a month."""
    return count_units(relieved, zone, *bounds, as_of)


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
