"""One contact as a client may see it: its clock, its ticket, and who answered under a name of this brand only."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec

from portavoce.calendars import timeline
from portavoce.reporting.errors import NoReport
from portavoce.sla.rules import Clause

PAGE = 50
SORTS = ("opened", "answered", "due", "wait", "ticket", "lob")


class Result(StrEnum):
    """How a unit stands at the anchor; `late` is also what is open and past due."""

    MET = "met"
    LATE = "late"
    RUNNING = "running"
    STOPPED = "stopped"
    LET_GO = "let_go"
    NO_CLAUSE = "no_clause"


class Contact(msgspec.Struct, frozen=True):
    """A contact by one of its units: that of the clause asked for, else of its first response.

    `since` and `until` are of that unit, `until` None while nothing has ended it. `ticket` is None only for a ledger
    older than tickets; `clause` None when nothing was promised.
    """

    interaction_id: UUID
    ticket: int | None
    at: datetime
    since: datetime
    until: datetime | None
    due_at: datetime | None
    result: Result
    lob_id: UUID
    lob: str
    channel: str
    clause: Clause | None
    brand_agent_id: UUID | None
    used_s: int

    def wait(self, as_of: datetime) -> timedelta | None:
        """Open time until its end, or until `as_of` without one; None where nothing measures it."""
        if self.clause is None:
            return None
        if self.until is not None or self.result is Result.LET_GO:
            return timedelta(seconds=self.used_s)
        known = timeline.known_at(self.clause.calendar, as_of)
        return timeline.elapsed(known, self.since, max(self.since, as_of))


class Page(msgspec.Struct, frozen=True):
    """A stretch of a list: contacts `first` to `last` of `total`, counted from 1."""

    number: int
    contacts: list[Contact]
    first: int
    last: int
    total: int

    @property
    def is_last(self) -> bool:
        return self.last == self.total


def operator_code(brand_id: UUID, brand_agent_id: UUID) -> str:
    """Four letters and digits by which a brand's client tells its operators apart; the same person differs elsewhere."""
    return b32encode(sha256(brand_id.bytes + brand_agent_id.bytes).digest())[:4].decode()


def result_of(state: str, due_at: datetime | None, as_of: datetime) -> Result:
    """Of what is kept of a unit, at an instant."""
    if state == "counted":
        return Result.NO_CLAUSE
    if state != "open":
        return Result(state)
    if due_at is None:
        return Result.STOPPED
    return Result.LATE if as_of > due_at else Result.RUNNING


def first_of(number: int, total: int) -> int:
    """How many come before page `number`; NoReport for a page outside the list, of nothing there is page 1."""
    before = (number - 1) * PAGE
    if number < 1 or (before >= total and number > 1):
        raise NoReport("This page does not exist.")
    return before
