from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.reporting.observing.changes import COUNTS, NOBODY, Kept, changes_of, follow
from portavoce.reporting.observing.units import Unit
from tests.sla.clocks.stories import ANNA, LOB, MINUTE, at

UNITS = st.builds(
    Unit,
    interaction_id=st.just(UUID(int=1)),
    measure=st.sampled_from(["contact", "first_response"]),
    ordinal=st.integers(1, 2),
    at=st.integers(0, 3000).map(lambda minutes: at(3, 0) + minutes * MINUTE),
    lob_id=st.just(LOB),
    channel=st.just("email"),
    since=st.just(at(3)),
    until=st.none() | st.just(at(5)),
    state=st.sampled_from(["open", "met", "late", "let_go", "counted"]),
    used_s=st.integers(0, 100),
    brand_agent_id=st.none() | st.just(ANNA),
)
SETS = st.lists(UNITS, max_size=4, unique_by=lambda unit: unit.key)
STORIES = st.lists(SETS, min_size=1, max_size=8).map(lambda sets: list(enumerate(sets, 1)))
Story = Sequence[tuple[int, Sequence[Unit]]]


def ordered(rows: Sequence[Kept]) -> list[Kept]:
    return sorted(rows, key=lambda kept: (str(kept.unit.key), kept.from_n))


def in_batches(story: Story, cuts: Sequence[int]) -> list[Kept]:
    """Told in parts: each begins with what the part before left standing."""
    rows: list[Kept] = []
    for first, past in pairwise([0, *sorted(cuts), len(story)]):
        standing = {kept.unit.key: kept for kept in rows if kept.until_n is None}
        ended, new = follow([kept.unit for kept in standing.values()], story[first:past])
        rows = [kept for kept in rows if kept.until_n is not None or kept.unit.key not in ended]
        rows += [Kept(standing[key].unit, standing[key].from_n, n) for key, n in ended.items()]
        rows += new
    return rows


@given(STORIES)
def test_at_each_fact_exactly_what_was_told_then_stands(story: Story) -> None:
    _, rows = follow([], story)
    for n, units in story:
        standing = [
            kept.unit for kept in rows if kept.from_n <= n and (kept.until_n is None or kept.until_n > n)
        ]
        assert sorted(standing, key=lambda unit: unit.key) == sorted(units, key=lambda unit: unit.key)


@given(STORIES, st.lists(st.integers(0, 8), max_size=4))
def test_told_in_parts_it_comes_out_the_same(story: Story, cuts: list[int]) -> None:
    cuts = [min(cut, len(story)) for cut in cuts]
    assert ordered(in_batches(story, cuts)) == ordered(in_batches(story, []))


def test_what_stays_as_it_was_is_not_told_again() -> None:
    unit = Unit(
        interaction_id=UUID(int=1), measure="contact", at=at(4), lob_id=LOB, channel="email", since=at(4)
    )
    assert follow([unit], [(5, [unit]), (6, [unit])]) == ({}, [])
    assert follow([unit], [(5, [])]) == ({unit.key: 5}, [])


@given(SETS, SETS)
def test_sums_move_by_what_went_and_what_came(gone: list[Unit], come: list[Unit]) -> None:
    changes = changes_of(gone, come, "Europe/Rome")
    for grain in ("interval", "hour", "day", "month"):
        moved = [counts for key, counts in changes.items() if key.grain == grain]
        totals = [sum(column) for column in zip(*moved, strict=True)] or [0] * len(COUNTS)
        assert totals[0] == len(come) - len(gone)
        assert totals[COUNTS.index("used_s")] == sum(u.used_s for u in come) - sum(u.used_s for u in gone)
        assert totals[COUNTS.index("late")] == sum(u.state == "late" for u in come) - sum(
            u.state == "late" for u in gone
        )
    assert changes_of(come, come, "Europe/Rome") == {}


@given(SETS)
def test_people_are_told_apart_over_days_and_months_only(come: list[Unit]) -> None:
    for key in changes_of([], come, "Europe/Rome"):
        assert key.grain in ("day", "month") or key.brand_agent_id == NOBODY
