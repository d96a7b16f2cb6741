from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.counts import Counts, count_units, counts_of
from portavoce.reporting.observing.units import Unit

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=31)
UNITS = st.builds(
    Unit,
    interaction_id=st.just(UUID(int=1)),
    measure=st.sampled_from(["contact", "first_response"]),
    at=st.integers(-2, 33).map(lambda days: START + timedelta(days=days)),
    lob_id=st.just(UUID(int=2)),
    channel=st.just("email"),
    since=st.just(START),
    until=st.none() | st.just(END),
    due_at=st.none() | st.integers(-5, 5).map(lambda hours: END + timedelta(hours=hours)),
    state=st.sampled_from(["open", "met", "late", "let_go", "counted"]),
    used_s=st.integers(0, 9),
)


@given(st.lists(UNITS, max_size=12))
def test_every_unit_of_the_stretch_is_counted_once(units: list[Unit]) -> None:
    cells = count_units(units, "Europe/Rome", START, END, END)
    inside = [unit for unit in units if START <= unit.at < END]
    total = sum((cell.counts for cell in cells), Counts())
    assert total == sum((counts_of(unit, END) for unit in inside), Counts())
    assert total.units == len(inside)
    assert len({(cell.day, cell.measure) for cell in cells}) == len(cells)


@given(UNITS)
def test_a_unit_is_decided_running_let_go_or_none_of_a_clause(unit: Unit) -> None:
    counts = counts_of(unit, END)
    ways = (counts.met, counts.late, counts.overdue, counts.let_go)
    assert sum(ways) <= 1
    assert counts.overdue == (unit.state == "open" and unit.due_at is not None and unit.due_at < END)
