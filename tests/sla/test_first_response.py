from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.calendars.hours import ALWAYS, Weekly
from portavoce.calendars.versions import CalendarHours
from portavoce.sla.first_response import (
    Clause,
    Fact,
    Figures,
    FirstResponse,
    State,
    Terms,
    clocks,
    due_at,
    month_figures,
    share_bp,
)

ROME = ZoneInfo("Europe/Rome")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LOB, OTHER_LOB = UUID(int=100), UUID(int=101)
OFFICE = Weekly(dict.fromkeys(range(5), ((540, 1080),)))
MOMENT = timedelta(microseconds=1)


def hours_of(weekly: Weekly, since: datetime = LONG_AGO) -> CalendarHours:
    return CalendarHours(since, "Europe/Rome", weekly)


def promise(target: timedelta, *calendar: CalendarHours) -> Clause:
    return Clause(LOB, "email", target, calendar or (hours_of(OFFICE),))


TWO_HOURS = (Terms(LONG_AGO, (promise(timedelta(hours=2)),)),)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ROME).astimezone(UTC)


NOW = at(30)
STORIES_OF_MERGES = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(days=20)).map(lambda since: at(1, 0) + since),
        st.none() | st.timedeltas(timedelta(0), timedelta(days=3)),
        st.timedeltas(timedelta(0), timedelta(days=3)),
    ),
    max_size=12,
)


def opened(n: int, when: datetime, lob: UUID = LOB, channel: str = "email") -> Fact:
    return Fact("interaction.opened", UUID(int=n), when, lob, {"channel": channel})


def sent(n: int, when: datetime, *, automatic: bool = False) -> Fact:
    return Fact("message.sent", UUID(int=n), when, LOB, {"automatic": automatic})


def other(kind: str, n: int, when: datetime) -> Fact:
    return Fact(kind, UUID(int=n), when, LOB)


def only(facts: list[Fact], terms: tuple[Terms, ...] = TWO_HOURS, as_of: datetime = NOW) -> FirstResponse:
    (row,) = clocks(facts, terms, as_of)
    return row


TUESDAY = at(5, 17, 20)
DUE = at(6, 10, 20)


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        (DUE - MOMENT, State.MET),
        (DUE, State.MET),
        (DUE + MOMENT, State.LATE),
        (at(5, 17, 30), State.MET),
        (at(5, 23), State.MET),
    ],
)
def test_an_answer_at_the_due_instant_is_in_time_and_a_moment_later_is_not(
    answered: datetime, state: State
) -> None:
    row = only([opened(1, TUESDAY), sent(1, answered)])
    assert (row.due_at, row.answered_at, row.state) == (DUE, answered, state)


@pytest.mark.parametrize(("as_of", "state"), [(DUE, State.RUNNING), (DUE + MOMENT, State.LATE)])
def test_an_unanswered_contact_runs_until_it_is_due_and_is_late_after(as_of: datetime, state: State) -> None:
    row = only([opened(1, TUESDAY)], as_of=as_of)
    assert (row.answered_at, row.state) == (None, state)


@pytest.mark.parametrize(
    "fact",
    [
        sent(1, at(5, 17, 30), automatic=True),
        Fact("message.sent", UUID(int=1), at(5, 17, 30), LOB, {}),
        other("message.noted", 1, at(5, 17, 30)),
        other("message.received", 1, at(5, 17, 30)),
        other("interaction.closed", 1, at(5, 17, 30)),
        other("interaction.reopened", 1, at(5, 17, 30)),
        sent(2, at(5, 17, 30)),
    ],
    ids=lambda fact: f"{fact.kind} {fact.body}",
)
def test_nothing_but_a_reply_by_a_person_stops_the_clock(fact: Fact) -> None:
    row = only([opened(1, TUESDAY), fact])
    assert (row.answered_at, row.due_at, row.state) == (None, DUE, State.LATE)


def test_the_first_of_several_replies_counts_in_whatever_order_they_were_recorded() -> None:
    facts = [
        sent(1, at(7)),
        sent(1, at(6, 10)),
        opened(1, TUESDAY),
        other("interaction.reopened", 1, at(6, 11)),
    ]
    assert only(facts).answered_at == at(6, 10)


def test_what_happens_after_the_moment_asked_about_is_not_known_yet() -> None:
    facts = [opened(1, TUESDAY), sent(1, at(6, 10)), opened(2, at(6, 9, 30))]
    assert only(facts, as_of=at(6, 9)) == FirstResponse(UUID(int=1), TUESDAY, None, DUE, State.RUNNING)


@pytest.mark.parametrize(
    "terms",
    [
        (),
        (Terms(at(6), TWO_HOURS[0].clauses),),
        (*TWO_HOURS, Terms(at(1), ())),
        (Terms(LONG_AGO, (promise(timedelta(hours=2), hours_of(Weekly({}))),)),),
    ],
    ids=["no contract", "not yet in force", "dropped by the next version", "never open"],
)
def test_without_a_promise_in_force_there_is_no_clause_even_when_answered(terms: tuple[Terms, ...]) -> None:
    row = only([opened(1, TUESDAY), sent(1, at(5, 17, 30))], terms)
    assert (row.due_at, row.answered_at, row.state) == (None, at(5, 17, 30), State.NO_CLAUSE)


@pytest.mark.parametrize(("lob", "channel"), [(OTHER_LOB, "email"), (LOB, "phone")])
def test_a_promise_holds_for_its_line_of_business_and_channel_only(lob: UUID, channel: str) -> None:
    assert only([opened(1, TUESDAY, lob, channel)]).state is State.NO_CLAUSE


def test_the_contract_in_force_at_the_opening_rules_whatever_comes_later() -> None:
    calendar = (hours_of(OFFICE), hours_of(ALWAYS, at(6, 23)))
    terms = (
        Terms(LONG_AGO, (promise(timedelta(hours=2), *calendar),)),
        Terms(at(7), (promise(timedelta(minutes=10), *calendar),)),
    )
    due = [due_at(opened(1, when), terms, NOW) for when in (TUESDAY, at(6, 23), at(7, 23))]
    assert due == [DUE, at(7, 1), at(7, 23, 10)]


def test_a_clock_that_runs_when_other_hours_come_into_force_walks_on_in_them() -> None:
    """Open at half past six instead of nine, so that the two hours are over at eight."""
    earlier = CalendarHours(at(6, 0), "Europe/Rome", Weekly(dict.fromkeys(range(5), ((390, 1080),))))
    terms = (Terms(LONG_AGO, (promise(timedelta(hours=2), hours_of(OFFICE), earlier),)),)
    moved = at(6, 7, 50)
    assert only([opened(1, TUESDAY)], terms, as_of=moved).due_at == moved
    assert only([opened(1, TUESDAY)], terms, as_of=at(5, 23)).due_at == DUE
    assert only([opened(1, TUESDAY), sent(1, at(6, 9))], terms).state is State.LATE


def test_a_clock_that_ended_knows_only_the_hours_published_until_then() -> None:
    """Told on Tuesday at half past five, for Wednesday: who was answered before keeps the old due instant."""
    closed = CalendarHours(at(6, 0), "Europe/Rome", OFFICE, {at(6).date(): ()}, at(5, 17, 30))
    terms = (Terms(LONG_AGO, (promise(timedelta(hours=2), hours_of(OFFICE), closed),)),)
    answered = [only([opened(1, TUESDAY), sent(1, at(5, 17, minute))], terms) for minute in (29, 30)]
    assert [row.due_at for row in answered] == [DUE, at(7, 10, 20)]
    assert only([opened(1, TUESDAY)], terms).due_at == at(7, 10, 20)


def test_before_a_calendar_begins_no_time_passes_and_nobody_promised() -> None:
    terms = (Terms(LONG_AGO, (promise(timedelta(hours=2), hours_of(OFFICE, at(6, 0))),)),)
    assert only([opened(1, TUESDAY), sent(1, at(5, 17, 30))], terms).state is State.NO_CLAUSE
    assert only([opened(1, TUESDAY), sent(1, at(6, 11))], terms).due_at == at(6, 11)


def test_a_month_holds_what_opened_in_it_by_the_wall_clock_of_the_brand() -> None:
    facts = [
        opened(n, when)
        for n, when in enumerate((at(30, 23, 59, 4), at(1, 0), at(31, 23, 59), at(1, 0, 0, 6)))
    ]
    rows = clocks(facts, TWO_HOURS, at(30, month=6))
    assert month_figures(rows, 2026, 5, "Europe/Rome").received == (UUID(int=1), UUID(int=2))


def test_each_figure_is_exactly_its_contacts() -> None:
    facts = [opened(n, at(5)) for n in (1, 2, 3)] + [opened(4, NOW), opened(5, at(6), OTHER_LOB)]
    facts += [sent(1, at(5, 13)), sent(2, at(9)), sent(5, at(6, 13)), sent(9, at(6))]
    figures = month_figures(clocks(facts, TWO_HOURS, NOW), 2026, 5, "Europe/Rome")
    one, two, three, four, five = (UUID(int=n) for n in range(1, 6))
    assert figures == Figures(
        received=(one, two, three, five, four),
        answered=(one, two, five),
        within=(one,),
        late=(two, three),
        running=(four,),
        no_clause=(five,),
    )
    assert figures.share_bp == 3333


def test_a_month_without_a_decided_contact_has_no_share() -> None:
    assert month_figures(clocks([opened(1, NOW)], TWO_HOURS, NOW), 2026, 5, "Europe/Rome").share_bp is None


@pytest.mark.parametrize(
    ("story", "counted"),
    [
        ([("merged", DUE - MOMENT)], []),
        ([("merged", DUE)], []),
        ([("merged", DUE + MOMENT)], [State.LATE]),
        ([("sent", TUESDAY), ("merged", TUESDAY)], [State.MET]),
        ([("merged", TUESDAY), ("parted", TUESDAY)], [State.LATE]),
        ([("merged", TUESDAY), ("parted", TUESDAY), ("merged", DUE)], []),
        ([("merged", TUESDAY), ("parted", TUESDAY), ("merged", DUE + MOMENT)], [State.LATE]),
    ],
)
def test_merged_away_is_only_what_still_ran(story: list[tuple[str, datetime]], counted: list[State]) -> None:
    facts = [opened(1, TUESDAY)]
    for kind, when in story:
        facts.append(sent(1, when) if kind == "sent" else other(f"interaction.{kind}", 1, when))
    assert [row.state for row in clocks(facts, TWO_HOURS, NOW)] == counted
    assert [row.state for row in clocks(facts[::-1], TWO_HOURS, NOW)] == counted


@pytest.mark.parametrize("back", [MOMENT, timedelta(hours=3)], ids=["running", "late"])
def test_what_was_split_off_and_brought_back_has_never_been_even_late(back: timedelta) -> None:
    facts = [opened(1, TUESDAY), other("interaction.rejoined", 1, TUESDAY + back)]
    assert clocks(facts, TWO_HOURS, NOW) == clocks(facts[::-1], TWO_HOURS, NOW) == []
    assert only(facts, as_of=TUESDAY).state is State.RUNNING


def test_a_merge_of_tomorrow_changes_nothing_today_and_without_a_promise_it_is_counted_once() -> None:
    merged = [opened(1, TUESDAY), other("interaction.merged", 1, TUESDAY + MOMENT)]
    assert only(merged, as_of=TUESDAY).state is State.RUNNING
    assert clocks([opened(1, TUESDAY, OTHER_LOB), merged[1]], TWO_HOURS, NOW) == []


@given(STORIES_OF_MERGES)
def test_a_merge_takes_no_decided_contact_away(
    stories: list[tuple[datetime, timedelta | None, timedelta]],
) -> None:
    """Whatever was decided when it was merged is decided the same way afterwards."""
    for n, (when, step, merged) in enumerate(stories):
        told = [opened(n, when)] + ([sent(n, when + step)] if step is not None and step <= merged else [])
        before = only(told, as_of=when + merged).state
        after = [
            row.state
            for row in clocks([*told, other("interaction.merged", n, when + merged)], TWO_HOURS, NOW)
        ]
        assert after == ([] if before in (State.RUNNING, State.NO_CLAUSE) else [before])


@pytest.mark.parametrize(
    ("part", "whole", "bp"),
    [
        (0, 0, None),
        (0, 3, 0),
        (3, 3, 10_000),
        (109, 210, 5190),
        (1, 3, 3333),
        (2, 3, 6667),
        (1, 20_000, 1),
        (3, 20_000, 2),
        (860, 1060, 8113),
    ],
)
def test_a_share_is_rounded_half_up_to_basis_points(part: int, whole: int, bp: int | None) -> None:
    assert share_bp(part, whole) == bp


STEPS = st.timedeltas(timedelta(0), timedelta(days=3))
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=24)).map(lambda since: at(1, 0) + since)
STORIES = st.lists(st.tuples(INSTANTS, st.none() | STEPS), max_size=12)


@given(STORIES, st.randoms())
def test_the_figures_divide_the_month_and_do_not_depend_on_the_order_of_facts(
    stories: list[tuple[datetime, timedelta | None]], shuffler: Random
) -> None:
    facts = []
    for n, (when, step) in enumerate(stories):
        facts += [opened(n, when)] + ([sent(n, when + step)] if step is not None else [])
    rows = clocks(facts, TWO_HOURS, NOW)
    figures = month_figures(rows, 2026, 5, "Europe/Rome")
    parts = figures.within + figures.late + figures.running + figures.no_clause
    assert sorted(parts) == sorted(figures.received)
    assert set(figures.answered) == {row.interaction_id for row in rows if row.answered_at}
    shuffler.shuffle(facts)
    assert clocks(facts, TWO_HOURS, NOW) == rows


@given(INSTANTS, STEPS)
def test_the_state_never_improves_as_time_passes(when: datetime, step: timedelta) -> None:
    facts = [opened(1, when), sent(1, when + step)]
    states = [only(facts, as_of=when + timedelta(hours=h)).state for h in range(0, 120, 3)]
    kept = [state for state in states if state is not State.RUNNING]
    assert states[: len(states) - len(kept)] == [State.RUNNING] * (len(states) - len(kept))
    assert len(set(kept)) <= 1
