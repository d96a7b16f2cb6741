from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portavoce.calendars.hours import Weekly
from portavoce.calendars.timeline import ALWAYS
from portavoce.calendars.versions import CalendarHours
from portavoce.sla.clocks.cycles import State
from portavoce.sla.clocks.facts import Fact
from portavoce.sla.clocks.rules import Clock, Return, Timed
from tests.sla.clocks.naive import Wish, watch
from tests.sla.clocks.stories import (
    ANNA,
    HOUR,
    LONG_AGO,
    MINUTE,
    MOMENT,
    MOVES,
    OFFICE,
    at,
    clock,
    only,
    read,
    story,
)

TWO_HOURS = clock("first_response", 2 * HOUR)
NEVER = (CalendarHours(LONG_AGO, "Europe/Rome", Weekly({})),)


@pytest.mark.parametrize(
    ("answered", "state"),
    [(at(5, 10, 20), State.MET), (at(5, 10, 20) + MOMENT, State.LATE), (at(4, 23), State.MET)],
)
def test_whatever_happens_up_to_the_due_instant_is_in_time(answered: datetime, state: State) -> None:
    """Monday 17:20 and two hours of work: 40 minutes that day, 80 the next."""
    cycle = only(story(("opened", at(4, 17, 20)), ("agent", answered)), TWO_HOURS, at(30))
    assert (cycle.due_at, cycle.until, cycle.state, cycle.brand_agent_id) == (
        at(5, 10, 20),
        answered,
        state,
        ANNA,
    )


def test_a_warning_stands_at_three_quarters_of_the_target() -> None:
    assert only(story(("opened", at(4, 10))), TWO_HOURS, at(4, 10)).warn_at == at(4, 11, 30)


def test_closing_does_not_stop_the_clock_of_the_first_response() -> None:
    cycle = only(story(("opened", at(4, 10)), ("closed", at(4, 11))), TWO_HOURS, at(5))
    assert (cycle.state, cycle.until) == (State.LATE, None)


def test_hours_that_never_open_promise_nothing() -> None:
    assert read(story(("opened", at(4))), clock("first_response", HOUR, calendar=NEVER), as_of=at(5)) == []


def test_nothing_is_promised_elsewhere_or_before_the_contract() -> None:
    assert read(story(("opened", at(4)), channel="chat"), TWO_HOURS, as_of=at(5)) == []
    early = story(("opened", LONG_AGO - MOMENT))
    assert read(early, clock("first_response", HOUR, calendar=ALWAYS), as_of=at(5)) == []


def test_who_was_called_by_us_waits_for_no_first_response_but_for_every_later_one() -> None:
    ours = story(("opened", at(4, 10)), ("agent", at(4, 10)), ("customer", at(4, 11)), begun_by="agent")
    assert read(ours, TWO_HOURS, as_of=at(5)) == []
    assert only(ours, clock("every_response", HOUR), at(5)).since == at(4, 11)


BURST = story(
    ("opened", at(4, 10)), ("customer", at(4, 10)), ("customer", at(4, 10, 30)), ("robot", at(4, 10, 31)),
    ("agent", at(4, 11)), ("agent", at(4, 11, 5)),
    ("customer", at(4, 12)), ("customer", at(4, 13)), ("machine", at(4, 13, 5)), ("agent", at(4, 14)),
    ("customer", at(4, 15)),
)  # fmt: skip


def test_of_a_burst_of_words_the_first_begins_the_clock_and_the_next_answer_stops_it() -> None:
    found = read(BURST, clock("next_response", 90 * MINUTE), as_of=at(4, 15, 30))
    assert [(each.since, each.until, each.used, each.state) for each in found] == [
        (at(4, 12), at(4, 14), 2 * HOUR, State.LATE),
        (at(4, 15), None, HOUR / 2, State.RUNNING),
    ]


def test_every_response_is_the_first_and_all_the_next_ones() -> None:
    every, first, following = (
        read(BURST, clock(timed, HOUR), as_of=at(4, 16))
        for timed in ("every_response", "first_response", "next_response")
    )
    assert [each.since for each in every] == [each.since for each in [*first, *following]]
    assert [each.ordinal for each in every] == [1, 2, 3]


LET_GO = [("opened", at(4, 9)), ("agent", at(4, 9, 30)), ("customer", at(4, 10)), ("closed", at(4, 10, 20))]


def test_a_word_of_thanks_is_let_go_by_closing_in_time_and_stays_late_if_it_was() -> None:
    rule = clock("next_response", HOUR)
    assert only(story(*LET_GO), rule, at(30)).state is State.LET_GO
    late = [*LET_GO[:3], ("closed", at(4, 11) + MOMENT)]
    assert only(story(*late), rule, at(30)).state is State.LATE


def test_an_agent_who_opens_it_again_goes_on_with_the_clock_and_the_customers_return_begins_anew() -> None:
    rule = clock("next_response", HOUR)
    again = only(story(*LET_GO, ("reopened", at(4, 10, 40))), rule, at(4, 10, 50))
    assert (again.since, again.state) == (at(4, 10), State.RUNNING)
    back = read(story(*LET_GO, ("customer_reopened", at(5)), ("customer", at(5))), rule, as_of=at(5, 12, 30))
    assert [(each.since, each.state) for each in back] == [(at(4, 10), State.LET_GO), (at(5), State.RUNNING)]


PAUSED = [("opened", at(4, 10)), ("agent", at(4, 10, 30)), ("pending", at(4, 11))]
FOUR_HOURS = clock("resolution", 4 * HOUR)


def test_a_question_to_the_customer_stops_the_resolution_and_no_due_instant_is_shown() -> None:
    """C4, C5: an hour is used; what is left is frozen."""
    cycle = only(story(*PAUSED), FOUR_HOURS, at(20))
    assert (cycle.used, cycle.due_at, cycle.warn_at, cycle.state) == (HOUR, None, None, State.STOPPED)


def test_the_customers_answer_lets_it_run_on_at_its_receipt() -> None:
    """C6: three hours are left from Tuesday 17:00."""
    told = story(*PAUSED, ("customer", at(5, 17)), ("returned", at(5, 17)))
    cycle = only(told, FOUR_HOURS, at(5, 17, 30))
    assert (cycle.due_at, cycle.used, cycle.state) == (at(6, 11), 1.5 * HOUR, State.RUNNING)
    assert only(told, msgspec.structs.replace(FOUR_HOURS, pauses=frozenset()), at(5, 17)).due_at == at(4, 14)


def test_a_first_response_does_not_stand_still_with_the_contact_put_aside() -> None:
    cycle = only(story(("opened", at(4, 10)), ("pending", at(4, 10, 30))), TWO_HOURS, at(4, 11))
    assert (cycle.due_at, cycle.state) == (at(4, 12), State.RUNNING)


def test_what_happens_after_the_end_moves_no_due_instant() -> None:
    told = [("opened", at(4, 10)), ("agent", at(4, 10, 30))]
    rule = clock("first_response", 2 * HOUR, pauses=frozenset({"pending"}))
    later = only(story(*told, ("pending", at(4, 11)), ("returned", at(4, 17))), rule, at(30))
    assert later == only(story(*told), rule, at(30))


def test_a_budget_that_ends_as_the_clock_stops_is_due_when_it_goes_on() -> None:
    told = [("opened", at(4, 10)), ("pending", at(4, 14)), ("returned", at(4, 15)), ("closed", at(4, 15))]
    cycle = only(story(*told), FOUR_HOURS, at(30))
    assert (cycle.due_at, cycle.used, cycle.state) == (at(4, 15), 4 * HOUR, State.MET)


def test_time_with_the_client_counts_and_is_told_apart() -> None:
    told = story(
        ("opened", at(4, 10)), ("with_client", at(4, 17)), ("returned", at(5, 10)), ("closed", at(5, 11))
    )
    cycle = only(told, FOUR_HOURS, at(30))
    assert (cycle.used, cycle.with_client, cycle.state) == (10 * HOUR, 2 * HOUR, State.LATE)
    paused = only(told, clock("resolution", 9 * HOUR, pauses=frozenset({"pending", "with_client"})), at(30))
    assert (paused.used, paused.with_client, paused.state) == (8 * HOUR, timedelta(0), State.MET)


AGAIN = [
    ("opened", at(4, 10)),
    ("closed", at(4, 12)),
    ("customer_reopened", at(4, 15)),
    ("closed", at(4, 16)),
]


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        (Return.FIRST, [(at(4, 10), at(4, 12), 2 * HOUR, State.MET)]),
        (Return.RESUME, [(at(4, 10), at(4, 16), 3 * HOUR, State.MET)]),
        (
            Return.NEW_CYCLE,
            [(at(4, 10), at(4, 12), 2 * HOUR, State.MET), (at(4, 15), at(4, 16), HOUR, State.MET)],
        ),
        (Return.INCLUDE_GAP, [(at(4, 10), at(4, 16), 6 * HOUR, State.LATE)]),
    ],
)
def test_each_rule_of_reopening_counts_the_gap_its_own_way(returns: Return, expected: list[object]) -> None:
    found = read(story(*AGAIN), clock("resolution", 4 * HOUR, returns=returns), as_of=at(30))
    assert [(each.since, each.until, each.used, each.state) for each in found] == expected


def test_reopened_it_is_undecided_again() -> None:
    cycle = only(story(*AGAIN[:3]), FOUR_HOURS, at(4, 15, 30))
    assert (cycle.until, cycle.used, cycle.due_at, cycle.state) == (
        None,
        2.5 * HOUR,
        at(4, 17),
        State.RUNNING,
    )


def test_an_end_told_twice_is_one_end() -> None:
    told = story(*AGAIN[:3])
    assert only([*told, told[1]], FOUR_HOURS, at(4, 15, 30)).until is None


def test_the_same_contact_in_business_and_in_calendar_hours() -> None:
    told = story(("opened", at(8, 16)), ("closed", at(11, 10)))
    business = only(told, clock("resolution", 4 * HOUR), at(30))
    calendar = only(told, clock("resolution", 4 * HOUR, calendar=ALWAYS), at(30))
    assert (business.used, business.state) == (3 * HOUR, State.MET)
    assert (calendar.used, calendar.state) == (66 * HOUR, State.LATE)


def test_an_instant_at_closing_time_belongs_to_the_next_opening() -> None:
    """C3: an hour from 17:00 is due at 9:00, and an answer in the night is in time."""
    cycle = only(story(("opened", at(4, 17)), ("agent", at(5, 9))), clock("first_response", HOUR), at(30))
    assert (cycle.due_at, cycle.state) == (at(5, 9), State.MET)


def test_what_goes_on_in_another_contact_counts_no_more_unless_it_was_late() -> None:
    told = [("opened", at(4, 10)), ("merged", at(4, 11))]
    assert read(story(*told), TWO_HOURS, FOUR_HOURS, as_of=at(30)) == []
    parted = only(story(*told, ("parted", at(4, 11, 30))), TWO_HOURS, at(4, 11, 40))
    assert parted.due_at == at(4, 12)
    late = only(story(told[0], ("merged", at(4, 13))), TWO_HOURS, at(30))
    assert (late.state, late.used) == (State.LATE, 3 * HOUR)
    answered = story(told[0], ("agent", at(4, 10, 30)), told[1])
    assert only(answered, TWO_HOURS, at(30)).state is State.MET


def test_what_went_back_into_the_contact_it_was_split_from_has_never_been() -> None:
    assert read(story(("opened", at(4, 10)), ("rejoined", at(4, 13))), TWO_HOURS, as_of=at(30)) == []


def test_a_contact_that_took_in_an_earlier_one_is_resolved_since_that_ones_beginning() -> None:
    told = story(("opened", at(4, 12)))
    taken = {"merged": str(UUID(int=2)), "since": "2026-05-04T08:00:00.000000Z"}
    joined = Fact("thread.joined", told[0].interaction_id, at(4, 13), None, taken, 9)
    left = Fact("thread.parted", told[0].interaction_id, at(4, 14), None, {"merged": str(UUID(int=2))}, 10)
    assert only([*told, joined], FOUR_HOURS, at(4, 13)).since == at(4, 10)
    assert only([*told, joined], TWO_HOURS, at(4, 13)).since == at(4, 12)
    assert only([*told, joined, left], FOUR_HOURS, at(4, 14)).since == at(4, 12)


def test_new_hours_move_the_due_instant_of_what_runs_and_never_what_ended() -> None:
    """Published on Monday at 15:00 for Tuesday on: from then on it opens at noon."""
    late_opening = CalendarHours(
        at(5, 0), "Europe/Rome", Weekly(dict.fromkeys(range(5), ((720, 1080),))), published_at=at(4, 15)
    )
    rule = clock("first_response", 3 * HOUR, calendar=(*OFFICE, late_opening))
    opened, before, after = ("opened", at(4, 16)), ("agent", at(4, 14, 59)), ("agent", at(4, 16, 30))
    assert only(story(opened), rule, at(4, 16, 30)).due_at == at(5, 13)
    assert only(story(("opened", at(4, 14)), before), rule, at(30)).due_at == at(4, 17)
    assert only(
        story(("opened", at(4, 14, 30)), before),
        clock("first_response", 4 * HOUR, calendar=rule.calendar),
        at(30),
    ).due_at == at(5, 9, 30)
    assert only(story(opened, after), rule, at(30)).due_at == at(5, 13)


WORDS = [*(word for word in MOVES if word not in ("opened", "closed", "merged", "parted", "rejoined", "reopened", "customer_reopened")), "customer", "machine", "agent", "robot", "close", "reopen", "return"]  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, datetime]], datetime]:
    """Anything a contact can live through in some days, at whole minutes, no two things at once."""
    first = at(4, 0) + draw(st.integers(0, 5 * 1440)) * MINUTE
    lines, when, is_shut = [("opened", first)], first, False
    for word in draw(st.lists(st.sampled_from(WORDS), max_size=12)):
        when += draw(st.integers(1, 900)) * MINUTE
        if is_shut and word == "return":
            lines += [("customer_reopened", when), ("customer", when)]
            is_shut = False
        elif is_shut and word == "reopen":
            lines.append(("reopened", when))
            is_shut = False
        elif not is_shut and word == "close":
            lines.append(("closed", when))
            is_shut = True
        elif not is_shut and word not in ("reopen", "return", "close"):
            lines.append((word, when))
    return lines, when + draw(st.integers(0, 1440)) * MINUTE


WISHES = st.builds(
    Wish,
    st.sampled_from([each.value for each in Timed]),
    st.integers(1, 900),
    st.sampled_from([frozenset[str](), frozenset({"pending"}), frozenset({"pending", "with_client"})]),
    st.sampled_from([each.value for each in Return]),
)


def rule_of(wish: Wish) -> Clock:
    return clock(wish.timed, wish.target * MINUTE, pauses=wish.pauses, returns=Return(wish.returns))


@settings(max_examples=150)
@given(histories(), WISHES)
def test_it_agrees_with_who_steps_through_every_minute(
    history: tuple[list[tuple[str, datetime]], datetime], wish: Wish
) -> None:
    lines, as_of = history
    found = read(story(*lines), rule_of(wish), as_of=as_of)
    seen = watch(lines, wish, as_of)
    assert [(each.since, each.until, each.used // MINUTE, each.state) for each in found] == seen


@given(histories(), WISHES, st.randoms(use_true_random=False))
def test_shuffled_and_doubled_facts_change_nothing(
    history: tuple[list[tuple[str, datetime]], datetime], wish: Wish, chance: Random
) -> None:
    lines, as_of = history
    facts = story(*lines)
    again = [*facts, *chance.sample(facts, len(facts) // 2)]
    chance.shuffle(again)
    assert read(again, rule_of(wish), as_of=as_of) == read(facts, rule_of(wish), as_of=as_of)


@given(histories(), WISHES)
def test_what_is_decided_stays_decided_while_nothing_more_happens(
    history: tuple[list[tuple[str, datetime]], datetime], wish: Wish
) -> None:
    lines, as_of = history
    facts, rule = story(*lines), rule_of(wish)
    now, later = read(facts, rule, as_of=as_of), read(facts, rule, as_of=as_of + timedelta(days=9))
    assert [each for each in now if each.until] == [each for each in later if each.until]
    for before, after in zip(now, later, strict=True):
        assert before.due_at == after.due_at
        assert not (before.state is State.LATE and after.state is not State.LATE)


@given(histories(), WISHES)
def test_a_cycle_is_late_from_the_first_moment_past_its_due_instant(
    history: tuple[list[tuple[str, datetime]], datetime], wish: Wish
) -> None:
    lines, as_of = history
    for each in read(story(*lines), rule_of(wish), as_of=as_of):
        if each.state is State.LET_GO:
            continue
        past = each.due_at is not None and (each.until or as_of) > each.due_at
        assert past is (each.state is State.LATE)
