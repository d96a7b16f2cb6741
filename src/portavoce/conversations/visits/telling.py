"""What a clerk tells of a visit, and whether it can be so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portavoce.conversations.aftercare import PROMISES
from portavoce.conversations.visits.errors import BadVisit

KNOWN, NEW, UNNAMED = "known", "new", "unnamed"
VISITORS = (KNOWN, NEW, UNNAMED)
OLDEST = timedelta(hours=72)
"""So long a form may lie in a browser that is offline."""
AHEAD = timedelta(minutes=5)
"""The clock of a shop's tablet may be that much before ours."""
LONGEST_NOTE = 2_000
LONGEST_NAME = 200
CHECK = "Check the fields below."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`lookup` of a known visitor; `name`, `email`, `phone` of a new one. `occurred_at` None: now.

    `promised` is one of PROMISES, or "" for none. `consent`: they agree to hear of the brand's offers. `by_mail`: it goes
    on by mail, to the address typed in `email`, or to one that the profile has.
    """

    shop_id: UUID
    form_key: UUID
    visitor: str
    note: str
    outcome: str
    reason: str = ""
    occurred_at: datetime | None = None
    lookup: UUID | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    consent: bool = False
    promised: str = ""
    promise: str = ""
    due_at: datetime | None = None
    by_mail: bool = False


def moment_of(told: Told, received_at: datetime) -> datetime:
    """When it happened. BadVisit for what is to come, and for what is too long ago."""
    at = told.occurred_at or received_at
    if at > received_at + AHEAD:
        raise BadVisit(CHECK, occurred="This moment is still to come.")
    if at < received_at - OLDEST:
        raise BadVisit(CHECK, occurred="A visit can be recorded within 72 hours.")
    return min(at, received_at)


def check(told: Told) -> None:
    """What can be said without looking anything up; every mistake at once."""
    errors = {}
    if not told.note.strip():
        errors["note"] = "Write what the visit was about."
    elif len(told.note) > LONGEST_NOTE:
        errors["note"] = "Shorten this text to 2000 characters."
    if told.visitor not in VISITORS:
        errors["visitor"] = "Choose one of the options shown."
    elif told.visitor == NEW:
        errors |= _new(told)
    elif told.visitor == UNNAMED:
        errors |= _unnamed(told)
    if told.promised and told.promised not in PROMISES:
        errors["promised"] = "Choose one of the options shown."
    if errors:
        raise BadVisit(CHECK, **errors)


def _new(told: Told) -> dict[str, str]:
    errors = {}
    if not told.name.strip():
        errors["name"] = "Write the name of the customer."
    elif len(told.name) > LONGEST_NAME:
        errors["name"] = "Shorten this text to 200 characters."
    if not told.email.strip() and not told.phone.strip():
        errors["phone"] = "Write a telephone number or a mail address, or record a visitor without a name."
    if told.by_mail and not told.email.strip():
        errors["email"] = "Write the address to which the answer goes."
    return errors


def _unnamed(told: Told) -> dict[str, str]:
    """Nobody is promised anything, and nothing is agreed to by nobody."""
    errors = {}
    if told.consent:
        errors["consent"] = "Record who the customer is first."
    if told.promised:
        errors["promised"] = "Record who the customer is first."
    if told.by_mail:
        errors["by_mail"] = "Record who the customer is first."
    return errors
