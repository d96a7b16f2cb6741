"""One contact as a client may see it: its clock, its ticket, and who answered under a name of this brand only."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from portavoce.calendars import timeline
from portavoce.reporting.errors import NoReport
from portavoce.reporting.terms import Promise
from portavoce.sla.first_response import State

PAGE = 50


class Contact(msgspec.Struct, frozen=True):
    """`week` is what `Month.weeks` calls it, `weekday` 0 is Monday, both of the opening in the brand's zone.

    `ticket` is None only for a ledger older than tickets; `promise` None when nothing was promised."""

    interaction_id: UUID
    ticket: int | None
    opened_at: datetime
    week: date
    weekday: int
    answered_at: datetime | None
    due_at: datetime | None
    state: State
    lob_id: UUID
    lob: str
    channel: str
    promise: Promise | None
    brand_agent_id: UUID | None

    @property
    def clause_id(self) -> UUID | None:
        return self.promise.id if self.promise else None

    def wait(self, as_of: datetime) -> timedelta | None:
        """Open time until the answer, or until `as_of` without one; None where no calendar measures it."""
        end = max(self.opened_at, self.answered_at or as_of)
        calendar = timeline.known_at(self.promise.calendar, end) if self.promise else ()
        return timeline.elapsed(calendar, self.opened_at, end) if calendar else None


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


def ordered(contacts: Iterable[Contact], sort: str, as_of: datetime) -> list[Contact]:
    """By one of SORTS, `-` before it for downwards; missing values come last either way. NoReport for another."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        raise NoReport("This page does not exist.")
    valued = [(key(contact, as_of), contact) for contact in contacts]
    known = [(value, contact) for value, contact in valued if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [contact for _, contact in known] + [contact for value, contact in valued if value is None]


def page_of(contacts: list[Contact], number: int) -> Page:
    """Page 1 of nothing is empty; NoReport for any other page outside the list."""
    first = (number - 1) * PAGE
    if number < 1 or (first >= len(contacts) and number > 1):
        raise NoReport("This page does not exist.")
    chosen = contacts[first : first + PAGE]
    return Page(number, chosen, first + 1 if chosen else 0, first + len(chosen), len(contacts))


_Key = Callable[[Contact, datetime], datetime | timedelta | int | str | None]

SORTS: dict[str, _Key] = {
    "opened": lambda contact, _: contact.opened_at,
    "answered": lambda contact, _: contact.answered_at,
    "due": lambda contact, _: contact.due_at,
    "wait": lambda contact, as_of: contact.wait(as_of),
    "ticket": lambda contact, _: contact.ticket,
    "lob": lambda contact, _: contact.lob,
}
