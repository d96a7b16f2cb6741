"""First response: from a customer's contact to the first reply a person wrote, read from a brand's own facts.

The clock starts when the interaction opens and only a reply by a person stops it. Automatic replies and notes do
not, nor does closing: a month could be closed away otherwise. Reopening starts no second clock.

Who wrote twice about the same waits once: a contact that was put together with another one while its clock still ran
counts no more. The one it goes on in is due no later than it was (`conversations.threads.choosing`), so that no promise
is lost by it. What was decided before, answered or too late, stays decided: nothing can be merged away.

A contact that was split off starts its clock when its earliest message arrived, and has never been if it was brought back:
what it was split from was never any kinder.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from portavoce.calendars import timeline
from portavoce.calendars.errors import NeverOpen
from portavoce.calendars.versions import CalendarHours, valid_at

OPENED = "interaction.opened"
SENT = "message.sent"
MERGED = "interaction.merged"
PARTED = "interaction.parted"
REJOINED = "interaction.rejoined"


class Fact(msgspec.Struct, frozen=True):
    """What the clock needs of a ledger event; `at` is business time and need not rise along the ledger."""

    kind: str
    interaction_id: UUID
    at: datetime
    lob_id: UUID | None = None
    body: Mapping[str, object] = {}


class Clause(msgspec.Struct, frozen=True):
    """A first response within `target` of open time, promised to a line of business on a channel.

    `calendar` holds the versions of the calendar the clause names, in order.
    """

    lob_id: UUID
    channel: str
    target: timedelta
    calendar: tuple[CalendarHours, ...]


class Terms(msgspec.Struct, frozen=True):
    """One version of a brand's contract with all its first-response clauses; what it leaves out is no promise."""

    valid_from: datetime
    clauses: tuple[Clause, ...]


class State(StrEnum):
    """How an interaction stands; the due instant itself is in time."""

    MET = "met"
    LATE = "late"
    RUNNING = "running"
    NO_CLAUSE = "no_clause"


class FirstResponse(msgspec.Struct, frozen=True):
    """The clock of one interaction."""

    interaction_id: UUID
    opened_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    state: State


class Figures(msgspec.Struct, frozen=True):
    """A month's figures, each the interactions it counts in order of opening: the number is their count.

    `within` and `late` are decided; `running` may still become either and `no_clause` never will.
    """

    received: tuple[UUID, ...]
    answered: tuple[UUID, ...]
    within: tuple[UUID, ...]
    late: tuple[UUID, ...]
    running: tuple[UUID, ...]
    no_clause: tuple[UUID, ...]

    @property
    def share_bp(self) -> int | None:
        """Basis points of the decided that were within, halves up; None ("no data") when none is decided."""
        return share_bp(len(self.within), len(self.within) + len(self.late))


def clocks(facts: Iterable[Fact], terms: Sequence[Terms], as_of: datetime) -> list[FirstResponse]:
    """One clock per interaction opened among the facts, in order of opening, as it stands at `as_of`; none for one that
    goes on in another while it still ran, or went back into the one it was split from.

    The facts must hold all that happened to those interactions until `as_of`, in any order. The version of the
    contract (in order) in force at the opening rules, whatever changed later. Its calendar may change while the clock
    runs, and then it walks on in the new hours; one that ended knows only what was published until then.
    """
    opened: dict[UUID, Fact] = {}
    answered: dict[UUID, datetime] = {}
    merges: dict[UUID, list[datetime]] = {}
    parted: Counter[UUID] = Counter()
    rejoined: set[UUID] = set()
    for fact in facts:
        key = fact.interaction_id
        if fact.at > as_of:
            continue
        if fact.kind == OPENED:
            opened[key] = fact
        elif is_reply(fact):
            answered[key] = min(fact.at, answered.get(key, fact.at))
        elif fact.kind == MERGED:
            merges.setdefault(key, []).append(fact.at)
        elif fact.kind == PARTED:
            parted[key] += 1
        elif fact.kind == REJOINED:
            rejoined.add(key)
    merged = {key: max(ats) for key, ats in merges.items() if len(ats) > parted[key]}
    ever = [fact for key, fact in opened.items() if key not in rejoined]
    started = sorted(ever, key=lambda fact: (fact.at, fact.interaction_id))
    rows = [_clock(fact, answered.get(fact.interaction_id), terms, as_of) for fact in started]
    return [row for row in rows if not _goes_on(row, merged.get(row.interaction_id))]


def due_at(opened: Fact, terms: Sequence[Terms], known: datetime) -> datetime | None:
    """When the first response to this opening is due, by the opening hours published until `known`; None if nothing in
    force promises one.
    """
    clause = clause_of(opened, terms)
    if clause is None:
        return None
    try:
        return timeline.due(timeline.known_at(clause.calendar, known), opened.at, clause.target)
    except NeverOpen:
        return None


def month_figures(rows: Iterable[FirstResponse], year: int, month: int, zone: str) -> Figures:
    """The figures of the interactions opened in a month of the brand's zone."""
    local = ZoneInfo(zone)
    chosen = [row for row in rows if _month(row.opened_at.astimezone(local)) == (year, month)]
    return Figures(
        received=_ids(chosen),
        answered=_ids(row for row in chosen if row.answered_at is not None),
        within=_ids(row for row in chosen if row.state is State.MET),
        late=_ids(row for row in chosen if row.state is State.LATE),
        running=_ids(row for row in chosen if row.state is State.RUNNING),
        no_clause=_ids(row for row in chosen if row.state is State.NO_CLAUSE),
    )


def share_bp(part: int, whole: int) -> int | None:
    """Basis points of part in whole, halves up; None when the whole is 0."""
    if whole == 0:
        return None
    return int((Decimal(part) * 10_000 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def is_reply(fact: Fact) -> bool:
    """Whether a person's answer left with this fact."""
    return fact.kind == SENT and fact.body.get("automatic") is False


def _goes_on(row: FirstResponse, merged_at: datetime | None) -> bool:
    """Whether it was put together with another one with its clock still running, or without any."""
    if merged_at is None or row.answered_at is not None:
        return False
    return row.due_at is None or merged_at <= row.due_at


def _clock(
    opened: Fact, answered_at: datetime | None, terms: Sequence[Terms], as_of: datetime
) -> FirstResponse:
    due = due_at(opened, terms, answered_at or as_of)
    state = _state(answered_at, due, as_of)
    return FirstResponse(opened.interaction_id, opened.at, answered_at, due, state)


def clause_of(opened: Fact, terms: Sequence[Terms]) -> Clause | None:
    """The clause of the contract version in force at the opening; None if it promises nothing there."""
    version = valid_at(terms, opened.at)
    wanted = (opened.lob_id, opened.body.get("channel"))
    clauses = version.clauses if version else ()
    return next((clause for clause in clauses if (clause.lob_id, clause.channel) == wanted), None)


def _state(answered_at: datetime | None, due: datetime | None, as_of: datetime) -> State:
    if due is None:
        return State.NO_CLAUSE
    if (answered_at or as_of) > due:
        return State.LATE
    return State.MET if answered_at else State.RUNNING


def _month(local: datetime) -> tuple[int, int]:
    return local.year, local.month


def _ids(rows: Iterable[FirstResponse]) -> tuple[UUID, ...]:
    return tuple(row.interaction_id for row in rows)
