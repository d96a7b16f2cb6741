"""Which of many contacts an act reaches, and why the others are left out; the same sentences as the verbs would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from portavoce.conversations.choices import LineRules

GONE = {
    "closed": "This contact was closed meanwhile.",
    "assigned": "A colleague holds this contact.",
    "mine": "You hold this contact.",
    "snoozed": "This contact was put aside meanwhile.",
    "pending": "This contact was put aside meanwhile.",
    "with_client": "The client's back office has this contact.",
}
AWAY = "You are not available. Set your state to Available, then take the contact."
FULL = "You already hold as much work as you may. Finish or release a contact first."
SAME_LINE = "It is in this line of business already."
NO_OUTCOME = "Its line of business does not know this outcome."
NO_REASON = "Its line of business does not know this reason."
REASON_MISSING = "Choose why the customer wrote."


class Wish(NamedTuple):
    """What should be done: `verb` with what it needs. `outcome` and `reason` are codes."""

    verb: str
    until: datetime | None = None
    to_agent_id: UUID | None = None
    to_lob_id: UUID | None = None
    outcome: str = ""
    reason: str = ""
    note: str = ""


class Chosen(NamedTuple):
    """A contact somebody selected. `lob_id` is the line that works on it now, `opened_for` that of its opening."""

    id: UUID
    customer: str
    ticket: int | None
    state: str
    units: int
    lob_id: UUID
    opened_for: UUID
    has_reason: bool
    mine: bool


class Hands(NamedTuple):
    """Of whoever acts: whether they are available, and how many units they may still take."""

    available: bool
    room: int


class Verdict(NamedTuple):
    """`why` is empty for what will be done."""

    contact: Chosen
    why: str


def judge(
    contacts: Iterable[Chosen], wish: Wish, rules: Mapping[UUID, LineRules], hands: Hands | None
) -> Iterator[Verdict]:
    """In the order given. `hands` None: of a supervisor, who moves what waits without holding it.

    An agent may only act on what they could hold: for taking, all of it together; for the rest, each by itself.
    """
    for contact in contacts:
        why = _gone(contact) or _hands_full(contact, hands) or _unfit(contact, wish, rules)
        yield Verdict(contact, why)
        if not why and wish.verb == "take" and hands is not None:
            hands = Hands(hands.available, hands.room - contact.units)


def why_gone(state: str, *, mine: bool) -> str:
    """Of one that does not wait any more; `mine`: it is with whoever acts."""
    return GONE["mine" if mine and state == "assigned" else state]


def _gone(contact: Chosen) -> str:
    return "" if contact.state == "waiting" else why_gone(contact.state, mine=contact.mine)


def _hands_full(contact: Chosen, hands: Hands | None) -> str:
    if hands is None:
        return ""
    if not hands.available:
        return AWAY
    return FULL if contact.units > hands.room else ""


def _unfit(contact: Chosen, wish: Wish, rules: Mapping[UUID, LineRules]) -> str:
    if wish.verb == "queue":
        return SAME_LINE if wish.to_lob_id == contact.lob_id else ""
    if wish.verb == "reason":
        return "" if rules[contact.opened_for].reason(wish.reason) else NO_REASON
    if wish.verb != "close":
        return ""
    line = rules[contact.lob_id]
    if line.outcome(wish.outcome) is None:
        return NO_OUTCOME
    if wish.reason:
        return "" if line.reason(wish.reason) else NO_REASON
    return REASON_MISSING if line.asks_reason and not contact.has_reason else ""
