"""Events as facts tell them, in whatever order and however often they come."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from portavoce.kit.canonical import moment
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.told import (
    ACCEPTED,
    CONTESTED,
    PROPOSED,
    WITHDRAWN,
    ReliefFact,
    Side,
    State,
    accepted_windows,
    read_events,
)
from tests.database import NOON

HOUR = timedelta(hours=1)
ONE, OTHER, LINE = uuid4(), uuid4(), uuid4()


def proposal(n: int = 1, event: object = ONE, cause: str = "force_majeure") -> ReliefFact:
    body = {
        "event": str(event), "cause": cause, "starts": moment(NOON), "ends": moment(NOON + HOUR),
        "channel": "email", "due": moment(NOON + 9 * HOUR),
    }  # fmt: skip
    return ReliefFact(n, PROPOSED, NOON + 2 * HOUR, LINE, None, body)


def decision(n: int, kind: str, by: str, event: object = ONE) -> ReliefFact:
    return ReliefFact(n, kind, NOON + n * HOUR, LINE, None, {"event": str(event), "by": by})


def test_a_proposal_says_what_it_covers_and_when_silence_accepts() -> None:
    (event,) = read_events([proposal()])
    window = event.window
    assert (window.cause, window.starts_at, window.ends_at) == (Cause.FORCE_MAJEURE, NOON, NOON + HOUR)
    assert (window.lob_id, window.channel, window.interaction_id) == (LINE, "email", None)
    assert (event.state, event.due_at, event.decided_by) == (State.PROPOSED, NOON + 9 * HOUR, None)
    assert not event.gives
    assert accepted_windows([event]) == []


@pytest.mark.parametrize(
    ("kind", "by", "state", "side"),
    [
        (ACCEPTED, "client", State.ACCEPTED, Side.CLIENT),
        (ACCEPTED, "silence", State.ACCEPTED, Side.SILENCE),
        (CONTESTED, "client", State.CONTESTED, Side.CLIENT),
        (WITHDRAWN, "provider", State.WITHDRAWN, Side.PROVIDER),
    ],
)
def test_who_decided_is_told_with_the_decision(kind: str, by: str, state: State, side: Side) -> None:
    (event,) = read_events([proposal(), decision(5, kind, by)])
    assert (event.state, event.decided_by, event.decided_at) == (state, side, NOON + 5 * HOUR)
    assert event.gives is (state is State.ACCEPTED)


def test_the_first_decision_counts_in_whatever_order_facts_come_and_however_often() -> None:
    facts = [
        proposal(),
        decision(2, ACCEPTED, "client"),
        decision(3, CONTESTED, "client"),
        proposal(4, OTHER),
    ]
    for order in permutations(facts):
        found = read_events([*order, *order])
        assert [(event.id, event.state) for event in found] == [
            (ONE, State.ACCEPTED),
            (OTHER, State.PROPOSED),
        ]


def test_a_decision_about_what_was_never_proposed_is_none() -> None:
    assert read_events([decision(1, ACCEPTED, "client")]) == []


def test_the_providers_own_fault_gives_nothing_when_accepted() -> None:
    (event,) = read_events([proposal(cause="provider_fault"), decision(2, ACCEPTED, "client")])
    assert (event.is_accepted, event.gives, len(accepted_windows([event]))) == (True, False, 1)


def test_a_cause_that_is_not_in_the_register_is_refused() -> None:
    with pytest.raises(ValueError, match="bad luck"):
        read_events([proposal(cause="bad luck")])
