"""The life of one contact as its facts tell it: how it stood when, and what either side said."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from portavoce.sla.clocks.facts import (
    CLOSED,
    JOINED,
    LEFT,
    MERGED,
    MOVES,
    OPENED,
    PARTED,
    REJOINED,
    REOPENED,
    Fact,
    in_order,
    is_reply,
    is_word,
)

PENDING, WITH_CLIENT, SHUT = "pending", "with_client", "closed"


class Stay(NamedTuple):
    """In one state from `since` until `until`; None is: still."""

    state: str
    since: datetime
    until: datetime | None


class Turn(NamedTuple):
    """Something said: by the customer, or by us."""

    at: datetime
    ours: bool
    n: int
    brand_agent_id: UUID | None


class Life(msgspec.Struct, frozen=True):
    """`since` is when the customer began to wait for it: its opening, or that of an earlier contact it took in.

    `merged_at`: it goes on in another contact since then. `ends` are its closings, `returns` its reopenings, in order.
    """

    opening: Fact
    since: datetime
    stays: tuple[Stay, ...]
    turns: tuple[Turn, ...]
    ends: tuple[Fact, ...]
    returns: tuple[Fact, ...]
    merged_at: datetime | None

    @property
    def is_ours(self) -> bool:
        """We called or wrote first: nobody waits for a first response (C9)."""
        return self.opening.body.get("begun_by") == "agent"

    def stays_in(self, *states: str) -> list[Stay]:
        return [stay for stay in self.stays if stay.state in states]


def read_life(facts: Iterable[Fact], as_of: datetime) -> Life | None:
    """Of one interaction, as known at `as_of`, in whatever order its facts come.

    None when it was not opened yet, or has never been: it went back into the contact it was split from.
    """
    told = [fact for fact in in_order(facts) if fact.at <= as_of]
    openings = [fact for fact in told if fact.kind == OPENED]
    if not openings or any(fact.kind == REJOINED for fact in told):
        return None
    return Life(
        opening=openings[0],
        since=min([openings[0].at, *_taken_in(told)]),
        stays=tuple(_stays(told)),
        turns=tuple(_turns(told)),
        ends=tuple(fact for fact in told if fact.kind == CLOSED),
        returns=tuple(fact for fact in told if fact.kind == REOPENED),
        merged_at=_merged_at(told),
    )


def _stays(told: list[Fact]) -> list[Stay]:
    moves = [fact for fact in told if fact.kind in MOVES]
    untils = [fact.at for fact in moves[1:]]
    return [
        Stay(fact.to_state or "", fact.at, until) for fact, until in zip(moves, [*untils, None], strict=True)
    ]


def _turns(told: list[Fact]) -> list[Turn]:
    return [
        Turn(fact.at, is_reply(fact), fact.n, fact.brand_agent_id)
        for fact in told
        if is_reply(fact) or is_word(fact)
    ]


def _merged_at(told: list[Fact]) -> datetime | None:
    """None as well when it was parted again."""
    merges = [fact.at for fact in told if fact.kind == MERGED]
    parted = sum(fact.kind == PARTED for fact in told)
    return merges[-1] if len(merges) > parted else None


def _taken_in(told: list[Fact]) -> list[datetime]:
    """C8: when the contacts were opened that go on in this one."""
    since: dict[object, datetime] = {}
    for fact in told:
        if fact.kind == JOINED and isinstance(fact.body.get("since"), str):
            since[fact.body.get("merged")] = datetime.fromisoformat(str(fact.body["since"]))
        elif fact.kind == LEFT:
            since.pop(fact.body.get("merged"), None)
    return list(since.values())
