"""Relief events as a ledger tells them: pure, from plain facts, so that an earlier state of it says what was decided then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.windows import Window

PROPOSED, WITHDRAWN = "relief.proposed", "relief.withdrawn"
ACCEPTED, CONTESTED = "relief.accepted", "relief.contested"
KINDS = (PROPOSED, ACCEPTED, CONTESTED, WITHDRAWN)


class State(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Who decided. Silence is the client's, as the contract reads it."""

    CLIENT = "client"
    SILENCE = "silence"
    PROVIDER = "provider"


class ReliefFact(msgspec.Struct, frozen=True):
    """`body` is what the fact says beside its typed columns; `n` its number in the ledger."""

    n: int
    kind: str
    at: datetime
    lob_id: UUID | None
    interaction_id: UUID | None
    body: Mapping[str, object]


class Event(msgspec.Struct, frozen=True):
    """As it stands after the facts that were given. `due_at` is when silence accepts; None where it decides nothing."""

    id: UUID
    window: Window
    state: State
    proposed_at: datetime
    due_at: datetime | None
    decided_at: datetime | None = None
    decided_by: Side | None = None

    @property
    def is_accepted(self) -> bool:
        return self.state is State.ACCEPTED

    @property
    def gives(self) -> bool:
        """Whether figures are adjusted for it."""
        return self.is_accepted and self.window.cause.relieves


def read_events(facts: Iterable[ReliefFact]) -> list[Event]:
    """In the order in which they were proposed. The first decision about an event counts; a fact told twice counts once."""
    found: dict[UUID, Event] = {}
    for fact in sorted(facts, key=lambda each: each.n):
        event_id = UUID(str(fact.body["event"]))
        if fact.kind == PROPOSED:
            found.setdefault(event_id, _proposed(event_id, fact))
        elif event_id in found and found[event_id].state is State.PROPOSED:
            found[event_id] = _decided(found[event_id], fact)
    return list(found.values())


def accepted_windows(events: Iterable[Event]) -> list[Window]:
    return [event.window for event in events if event.is_accepted]


def _proposed(event_id: UUID, fact: ReliefFact) -> Event:
    body = fact.body
    channel, due = body.get("channel"), body.get("due")
    window = Window(
        cause=Cause(str(body["cause"])),
        starts_at=datetime.fromisoformat(str(body["starts"])),
        ends_at=datetime.fromisoformat(str(body["ends"])),
        lob_id=fact.lob_id,
        channel=None if channel is None else str(channel),
        interaction_id=fact.interaction_id,
    )
    return Event(
        id=event_id,
        window=window,
        state=State.PROPOSED,
        proposed_at=fact.at,
        due_at=None if due is None else datetime.fromisoformat(str(due)),
    )


def _decided(event: Event, fact: ReliefFact) -> Event:
    state = {ACCEPTED: State.ACCEPTED, CONTESTED: State.CONTESTED, WITHDRAWN: State.WITHDRAWN}[fact.kind]
    side = Side(str(fact.body.get("by") or (Side.PROVIDER if state is State.WITHDRAWN else Side.CLIENT)))
    return msgspec.structs.replace(event, state=state, decided_at=fact.at, decided_by=side)
