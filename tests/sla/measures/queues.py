"""Calls for the tests: a list made by hand, any list hypothesis likes, and a calculator that knows no tallies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from portavoce.sla.measures.queueing import Destination, End, Segment

T, S = 20, 5
NINE = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
EVENING = NINE + timedelta(hours=12)


def call(
    wait_s: int, end: End, *, entered_s: int = 0, to: Destination | None = None, number: str = ""
) -> Segment:
    entered = NINE + timedelta(seconds=entered_s)
    return Segment(entered, entered + timedelta(seconds=wait_s), end, to, number)


ANSWERED_S = (0, 4, 5, 6, 19, 20, 21, 45)
ABANDONED_S = (4, 5, 6, 19, 20, 21)
BY_HAND = (
    *(call(s, End.ANSWERED, number="first" if s < 20 else "second") for s in ANSWERED_S),
    *(call(s, End.ABANDONED) for s in ABANDONED_S),
    call(10, End.FLOWED_OUT, to=Destination.CALLBACK),
    call(30, End.FLOWED_OUT, to=Destination.OVERFLOW),
    call(12, End.DROPPED),
    Segment(NINE),
)
"""Answers and abandons exactly at T and at S, one above, one below; both kinds of flow-out, a drop, one still waiting."""

SECONDS = st.integers(0, 60)
_ENDED = st.builds(
    lambda entered, wait, end, number: call(wait, end, entered_s=entered, number=number),
    st.integers(0, 6 * 3_600),
    SECONDS,
    st.sampled_from((End.ANSWERED, End.ABANDONED, End.DROPPED)),
    st.sampled_from(("first", "second")),
)
_FLOWED = st.builds(
    lambda entered, wait, to: call(wait, End.FLOWED_OUT, entered_s=entered, to=to),
    st.integers(0, 6 * 3_600),
    SECONDS,
    st.sampled_from(Destination),
)
_WAITING = st.integers(0, 6 * 3_600).map(lambda entered: Segment(NINE + timedelta(seconds=entered)))
SEGMENTS = st.lists(st.one_of(_ENDED, _ENDED, _FLOWED, _WAITING), max_size=14)


def naive_level(segments: Sequence[Segment], variant: str, threshold: int, short: int) -> Fraction | None:
    """Word by word from the table, over the calls themselves: each is good or not, and in the whole or not."""
    good = whole = 0
    for each in segments:
        if each.end is None or each.end is End.DROPPED or each.ended_at is None:
            continue
        waited = (each.ended_at - each.queue_enter_at).total_seconds()
        if each.end is End.FLOWED_OUT:
            whole += variant.endswith("_FLOW")
        elif each.end is End.ANSWERED:
            whole += 1
            good += waited <= threshold
        elif "ANSWERED" not in variant:
            left_out = ("EXCL_AB_T" in variant and waited <= threshold) or (
                "EXCL_SHORT" in variant and waited <= short
            )
            whole += not left_out
            good += ("AB_GOOD" in variant and waited <= threshold) or (
                "SHORT_GOOD" in variant and waited <= short
            )
    return Fraction(good, whole) if whole else None


def waited(segments: Sequence[Segment], *ends: End) -> list[int]:
    """Sorted waits of what ended so."""
    return sorted(
        int((each.ended_at - each.queue_enter_at).total_seconds())
        for each in segments
        if each.end in ends and each.ended_at is not None
    )
