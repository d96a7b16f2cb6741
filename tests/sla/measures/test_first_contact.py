from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.first_contact import (
    WINDOWS,
    Contact,
    FcrVariant,
    FirstContact,
    Outcome,
    Resolved,
    declared,
    figures,
    no_recontact,
)
from portavoce.sla.measures.ratios import Ratio

GINA, UGO = UUID(int=1), UUID(int=2)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
WEEK = 7 * DAY
SOLVED = Resolved(UUID(int=9), Contact(GINA, "delivery", NOON), NOON + DAY)
LATER = NOON + 60 * DAY


def units(
    *further: Contact,
    window: timedelta = WEEK,
    as_of: datetime = LATER,
    solved: Sequence[Resolved] = (SOLVED,),
) -> list[FirstContact]:
    openings = [each.opening for each in solved]
    return no_recontact(solved, [*openings, *further], window=window, as_of=as_of, zone="Europe/Rome")


@pytest.mark.parametrize(
    ("further", "outcome"),
    [
        ([], Outcome.FIRST),
        ([Contact(GINA, "delivery", SOLVED.resolved_at + WEEK)], Outcome.RECONTACTED),
        ([Contact(GINA, "delivery", SOLVED.resolved_at + WEEK + MOMENT)], Outcome.FIRST),
        ([Contact(GINA, "delivery", NOON + MOMENT)], Outcome.RECONTACTED),
        ([Contact(GINA, "delivery", NOON - DAY)], Outcome.FIRST),
        ([Contact(GINA, "invoice", SOLVED.resolved_at + DAY)], Outcome.FIRST),
        ([Contact(UGO, "delivery", SOLVED.resolved_at + DAY)], Outcome.FIRST),
    ],
)
def test_only_the_same_customer_and_reason_within_the_window_is_a_further_contact(
    further: list[Contact], outcome: Outcome
) -> None:
    assert [each.outcome for each in units(*further)] == [outcome]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_unit_is_final_only_when_its_window_has_passed(window: timedelta) -> None:
    matures_at = SOLVED.resolved_at + window
    for as_of, outcome in ((matures_at, Outcome.MATURING), (matures_at + MOMENT, Outcome.FIRST)):
        (unit,) = units(window=window, as_of=as_of)
        assert (unit.outcome, unit.matures_at) == (outcome, matures_at)


def test_a_unit_belongs_to_the_month_of_its_resolution_in_the_brands_zone() -> None:
    late = Resolved(UUID(int=9), Contact(GINA, "delivery", NOON), datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert [each.month for each in units(solved=[late])] == [(2026, 11)]
    assert [each.month for each in units()] == [(2026, 10)]


def test_early_returns_do_not_weigh_in_the_final_figure_before_late_silence() -> None:
    second = Resolved(UUID(int=10), Contact(UGO, "delivery", NOON), NOON + 5 * DAY)
    third = Resolved(UUID(int=11), Contact(UGO, "invoice", NOON), NOON + 5 * DAY)
    back = Contact(UGO, "delivery", NOON + 6 * DAY)
    as_of = NOON + 9 * DAY
    found = figures(units(back, as_of=as_of, solved=[SOLVED, second, third]), as_of)
    assert (found.final, found.so_far, found.maturing) == (Ratio(1, 1), Ratio(2, 3), 1)
    assert found.matures_at == NOON + 12 * DAY
    done = figures(units(back, solved=[SOLVED, second, third]), LATER)
    assert done.final == done.so_far == Ratio(2, 3)


def test_what_is_not_resolved_yet_is_no_unit_and_no_units_are_no_data() -> None:
    assert units(as_of=SOLVED.resolved_at - MOMENT) == []
    assert figures([], LATER).final.value is None


@pytest.mark.parametrize(
    ("variant", "share"),
    [(FcrVariant.AGENT_DECLARED, Ratio(1, 2)), (FcrVariant.SURVEY_DECLARED, Ratio(1, 1))],
)
def test_who_said_nothing_is_in_no_declared_share(variant: FcrVariant, share: Ratio) -> None:
    cases = [
        Resolved(UUID(int=n), SOLVED.opening, LATER, agent_says=agent, survey_says=survey)
        for n, (agent, survey) in enumerate([(True, None), (False, True), (None, None)])
    ]
    assert declared(cases, variant) == share


def test_silence_is_nothing_declared() -> None:
    with pytest.raises(ValueError):
        declared([SOLVED], FcrVariant.NO_RECONTACT)


CONTACTS = st.lists(
    st.builds(
        Contact,
        st.sampled_from((GINA, UGO)),
        st.sampled_from(("delivery", "invoice")),
        st.integers(0, 40).map(lambda n: NOON + n * DAY / 2),
    ),
    max_size=8,
)


@given(CONTACTS, st.integers(0, 50), st.sampled_from(WINDOWS), st.randoms(use_true_random=False))
def test_every_history_agrees_with_asking_for_each_case(
    contacts: list[Contact], days: int, window: timedelta, random: Random
) -> None:
    as_of = NOON + days * DAY
    solved = [
        Resolved(UUID(int=n), each, each.at + random.randint(0, 6) * DAY / 2)
        for n, each in enumerate(contacts)
    ]
    mixed, again = random.sample(contacts, len(contacts)), random.sample(solved, len(solved))
    found = no_recontact(again, mixed, window=window, as_of=as_of, zone="Europe/Rome")
    assert found == no_recontact(solved, contacts, window=window, as_of=as_of, zone="Europe/Rome")
    assert {unit.case for unit in found} == {each.case for each in solved if each.resolved_at <= as_of}
    for unit in found:
        case = solved[unit.case.int]
        back = [
            each
            for each in contacts
            if (each.customer, each.reason) == (case.opening.customer, case.opening.reason)
            and case.opening.at < each.at <= min(case.resolved_at + window, as_of)
        ]
        assert (unit.outcome is Outcome.RECONTACTED) is bool(back)
        assert unit.month == _month(case.resolved_at)
    shares = figures(found, as_of)
    assert shares.so_far.whole == len(found) >= shares.final.whole


def _month(at: datetime) -> tuple[int, int]:
    local = at.astimezone(ZoneInfo("Europe/Rome"))
    return local.year, local.month
