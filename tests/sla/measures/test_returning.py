from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.first_contact import Contact
from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.returning import Solve, reopened, repeated

GINA, UGO = UUID(int=1), UUID(int=2)
DAY = timedelta(days=1)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = 7 * DAY


def test_a_contact_repeats_what_came_no_longer_than_the_window_before() -> None:
    contacts = [
        Contact(GINA, "delivery", MAY - DAY),
        Contact(GINA, "delivery", MAY + 6 * DAY),
        Contact(GINA, "delivery", MAY + 14 * DAY),
        Contact(GINA, "invoice", MAY + 14 * DAY),
        Contact(UGO, "delivery", MAY + 14 * DAY),
    ]
    assert repeated(contacts, window=WEEK, since=MAY, until=JUNE) == Ratio(1, 4)
    assert repeated([], window=WEEK, since=MAY, until=JUNE).value is None


def test_a_reopening_in_june_of_what_was_solved_in_may_is_mays() -> None:
    solves = [
        Solve(UUID(int=1), MAY + DAY, JUNE + DAY),
        Solve(UUID(int=2), JUNE - DAY),
        Solve(UUID(int=3), JUNE, JUNE + 2 * DAY),
    ]
    assert reopened(solves, since=MAY, until=JUNE, as_of=JUNE + 9 * DAY) == Ratio(1, 2)
    assert reopened(solves, since=MAY, until=JUNE, as_of=JUNE) == Ratio(0, 2)
    assert reopened(solves, since=MAY, until=JUNE, as_of=MAY).value is None


CONTACTS = st.lists(
    st.builds(
        Contact,
        st.sampled_from((GINA, UGO)),
        st.sampled_from(("delivery", "invoice")),
        st.integers(-20, 80).map(lambda n: MAY + n * DAY / 2),
    ),
    max_size=10,
)


@given(CONTACTS, st.randoms(use_true_random=False))
def test_repeats_agree_with_asking_for_each_contact(contacts: list[Contact], random: Random) -> None:
    ordered = sorted(contacts, key=lambda each: each.at)
    repeats = [
        any(
            (first.customer, first.reason) == (each.customer, each.reason) and each.at - first.at <= WEEK
            for first in ordered[:n]
        )
        for n, each in enumerate(ordered)
        if MAY <= each.at < JUNE
    ]
    mixed = random.sample(contacts, len(contacts))
    assert repeated(mixed, window=WEEK, since=MAY, until=JUNE) == Ratio(sum(repeats), len(repeats))
