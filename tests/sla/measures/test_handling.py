from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.handling import (
    Handled,
    HandleTally,
    HandleTime,
    concurrency,
    focus_s,
    handle_tally,
    handle_time,
    mean_hold_s,
)
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.spans import Span

ZERO = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
THREE = (Handled(300, 60, 45), Handled(120, 0, 30, outbound_s=90), Handled(180, 0, 0))
CONTACTS = st.lists(
    st.builds(Handled, st.integers(0, 900), st.integers(0, 90), st.integers(0, 120), st.integers(0, 60)),
    max_size=8,
)


def span(first_s: int, past_s: int) -> Span:
    return ZERO + timedelta(seconds=first_s), ZERO + timedelta(seconds=past_s)


@pytest.mark.parametrize(
    ("outbound", "parts"),
    [(False, (600, 60, 75)), (True, (600, 60, 165))],
)
def test_handle_time_has_three_parts_that_add_up(outbound: bool, parts: tuple[int, int, int]) -> None:
    talk, hold, acw = (Fraction(part, 3) for part in parts)
    assert handle_time(handle_tally(THREE), outbound=outbound) == HandleTime(
        talk + hold + acw, talk, hold, acw
    )


def test_mean_hold_is_of_the_contacts_that_had_hold() -> None:
    assert mean_hold_s(handle_tally(THREE)) == Ratio(60, 1)
    assert mean_hold_s(handle_tally(THREE[1:])).value is None


def test_chats_in_parallel_share_the_time_of_their_agent() -> None:
    chats = [
        (UUID(int=1), span(0, 600)),
        (UUID(int=1), span(300, 900)),
        (UUID(int=2), span(0, 600)),
    ]
    parallel = concurrency(chats)
    assert parallel == Ratio(1800, 1500)
    found = handle_time(handle_tally([Handled(600)] * 3), outbound=False, concurrency=parallel)
    assert found.aht == 500


def test_the_active_time_of_a_mail_counts_once_under_two_windows() -> None:
    assert focus_s([span(0, 60), span(30, 90), span(200, 230)]) == 120


def test_nothing_handled_has_no_handle_time() -> None:
    nothing = HandleTime(None, None, None, None)
    assert handle_time(HandleTally(), outbound=True) == nothing
    assert handle_time(handle_tally(THREE), outbound=True, concurrency=concurrency([])) == nothing


@given(CONTACTS, CONTACTS, st.booleans())
def test_handle_time_in_batches_is_that_of_each_contact(
    some: list[Handled], others: list[Handled], outbound: bool
) -> None:
    both = handle_tally(some) + handle_tally(others)
    assert both == handle_tally(others + some)
    each = [c.talk_s + c.hold_s + c.acw_s + (c.outbound_s if outbound else 0) for c in some + others]
    found = handle_time(both, outbound=outbound)
    assert found.aht == (Fraction(sum(each), len(each)) if each else None)
    held = [c.hold_s for c in some + others if c.hold_s]
    assert mean_hold_s(both) == Ratio(sum(held), len(held))
    if found.talk is not None and found.hold is not None and found.acw is not None:
        assert found.talk + found.hold + found.acw == found.aht


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=8))
def test_concurrency_is_at_least_one_and_at_most_the_chats_of_an_agent(
    rows: list[tuple[int, int, int]],
) -> None:
    found = concurrency((UUID(int=agent), span(begin, begin + length)) for agent, begin, length in rows)
    busy = {(agent, begin + n) for agent, begin, length in rows for n in range(length)}
    assert found == Ratio(sum(length for _, _, length in rows), len(busy))
    assert found.value is not None
    assert 1 <= found.value <= len(rows)
