"""Every cycle of every clock of a contact: when it began and was due, how much of it is used, and how it came out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.timeline import elapsed, known_at
from portavoce.calendars.versions import CalendarHours
from portavoce.sla.clocks.lives import WITH_CLIENT, Life
from portavoce.sla.clocks.rules import Clock, Terms, clocks_of
from portavoce.sla.clocks.running import NOTHING, Stretch, run, within, without
from portavoce.sla.clocks.spans import Span, spans_of, stops_of


class State(StrEnum):
    """The due instant itself is in time. `let_go`: closed in time without the answer, counted neither way."""

    MET = "met"
    LATE = "late"
    RUNNING = "running"
    STOPPED = "stopped"
    LET_GO = "let_go"


class Cycle(msgspec.Struct, frozen=True):
    """`ordinal` counts the cycles of one clock of one contact from 1; `n` and `brand_agent_id` are of what ended it.

    `used` is time in open hours without what stopped the clock; `with_client` the part of it in which the client had a
    question of ours (C5). `warn_at` and `due_at` are None while it stands still (C4). `left_at`: the contact was closed
    without what this waited for, or goes on in another one.
    """

    clause_id: UUID
    interaction_id: UUID
    ordinal: int
    since: datetime
    until: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    used: timedelta
    with_client: timedelta
    state: State
    n: int | None
    brand_agent_id: UUID | None
    left_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether time alone may still change how it stands."""
        return self.until is None and self.left_at is None


def cycles(life: Life, terms: Sequence[Terms], as_of: datetime) -> list[Cycle]:
    """Of all clocks the contract has for this contact, as they stand at `as_of`.

    One that goes on in another contact counts no more, unless it was decided before.
    """
    found = [
        _cycle(life, clock, span, ordinal, as_of)
        for clock in clocks_of(life.opening, terms)
        for ordinal, span in enumerate(spans_of(life, clock), 1)
    ]
    return [cycle for cycle in found if cycle is not None]


def _cycle(life: Life, clock: Clock, span: Span, ordinal: int, as_of: datetime) -> Cycle | None:
    """None for what goes on elsewhere, and for hours that never open: nothing was promised then."""
    goes_on = life.merged_at if span.until is None else None
    left = span.let_go_at or goes_on
    at = span.until or left or as_of
    calendar = known_at(clock.calendar, at)
    stays = [stay for stay in life.stays_in(*stops_of(clock)) if stay.since < at]
    stretches = list(without(span.since, None, [(stay.since, stay.until) for stay in stays]))
    try:
        used, due_at = run(calendar, stretches, clock.target, at)
        warn_at = run(calendar, stretches, clock.warns_after, at).due_at
    except NeverOpen:
        return None
    state = _state(span, due_at, used > clock.target, left or as_of, is_open=_is_open(stretches, at))
    if goes_on is not None and state is not State.LATE:
        return None
    return Cycle(
        clause_id=clock.clause_id,
        interaction_id=life.opening.interaction_id,
        ordinal=ordinal,
        since=span.since,
        until=span.until,
        warn_at=warn_at,
        due_at=due_at,
        used=used,
        with_client=_with_client(life, calendar, stretches, at),
        state=state,
        n=span.n,
        brand_agent_id=span.brand_agent_id,
        left_at=left,
    )


def _state(span: Span, due_at: datetime | None, is_over: bool, at: datetime, *, is_open: bool) -> State:
    if span.until is not None:
        return State.LATE if is_over else State.MET
    if is_over or (due_at is not None and at > due_at):
        return State.LATE
    if span.let_go_at is not None:
        return State.LET_GO
    return State.RUNNING if is_open else State.STOPPED


def _is_open(stretches: list[Stretch], at: datetime) -> bool:
    return any(since <= at and (until is None or at < until) for since, until in stretches)


def _with_client(
    life: Life, calendar: Sequence[CalendarHours], stretches: list[Stretch], at: datetime
) -> timedelta:
    stays = [(stay.since, stay.until) for stay in life.stays_in(WITH_CLIENT)]
    parts = within(stretches, stays)
    return sum(
        (elapsed(calendar, since, max(since, min(until or at, at))) for since, until in parts), NOTHING
    )
