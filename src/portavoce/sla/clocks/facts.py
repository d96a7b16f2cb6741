"""What a clock needs of a ledger event. Anybody can build these from events of their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

OPENED = "interaction.opened"
RECEIVED = "message.received"
SENT = "message.sent"
CLOSED = "interaction.closed"
REOPENED = "interaction.reopened"
MERGED = "interaction.merged"
PARTED = "interaction.parted"
REJOINED = "interaction.rejoined"
JOINED, LEFT = "thread.joined", "thread.parted"
"""On the contact that goes on: another one was put together with it, or taken out again (`merged` in the body)."""
MOVES = frozenset(
    {OPENED, CLOSED, REOPENED, MERGED, PARTED, REJOINED}
    | {f"interaction.{verb}" for verb in ("assigned", "released", "snoozed", "pending", "returned", "transferred")}
)  # fmt: skip
"""The kinds whose `to_state` is how the contact stands from then on."""
NEEDED = frozenset({RECEIVED, SENT, JOINED, LEFT}) | MOVES


class Fact(msgspec.Struct, frozen=True):
    """`at` is business time and need not rise along the ledger; `n` is the number there, which no two facts share."""

    kind: str
    interaction_id: UUID
    at: datetime
    lob_id: UUID | None = None
    body: Mapping[str, object] = {}
    n: int = 0
    to_state: str | None = None
    brand_agent_id: UUID | None = None


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By business time, of one instant by number; a fact that comes twice counts once."""
    told = {(fact.n, fact.kind, fact.at): fact for fact in facts}
    return sorted(told.values(), key=lambda fact: (fact.at, fact.n))


def is_reply(fact: Fact) -> bool:
    """Whether a person's answer left with this fact."""
    return fact.kind == SENT and fact.body.get("automatic") is False


def is_word(fact: Fact) -> bool:
    """Whether the customer wrote this, and no machine of theirs."""
    return fact.kind == RECEIVED and fact.body.get("automatic") is not True
