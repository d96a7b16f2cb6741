"""Whom an act reaches, without asking anybody."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.conversations.bulk.judging import (
    AWAY,
    FULL,
    GONE,
    NO_OUTCOME,
    NO_REASON,
    REASON_MISSING,
    SAME_LINE,
    Chosen,
    Hands,
    Wish,
    judge,
    why_gone,
)
from portavoce.conversations.choices import LineRules, Node

CARE, RETURNS = uuid4(), uuid4()
FREE = Hands(available=True, room=10)


def line(outcome: str, *, reasons: tuple[str, ...] = (), required: bool = False) -> LineRules:
    nodes = [Node(uuid4(), "outcome", None, outcome, outcome, 0, retired=False)]
    nodes += [Node(uuid4(), "reason", None, code, code, 0, retired=False) for code in reasons]
    return LineRules(required, "off", 0, tuple(nodes))


RULES = {CARE: line("solved", reasons=("leak",), required=True), RETURNS: line("returned")}


def contact(
    state: str = "waiting", *, lob: UUID = CARE, has_reason: bool = False, mine: bool = False
) -> Chosen:
    return Chosen(uuid4(), "Gina", 7, state, 1, lob, lob, has_reason, mine)


@pytest.mark.parametrize(
    ("chosen", "wish", "why"),
    [
        (contact(), Wish("take"), ""),
        (contact("closed"), Wish("take"), GONE["closed"]),
        (contact("assigned"), Wish("aside"), GONE["assigned"]),
        (contact("assigned", mine=True), Wish("aside"), GONE["mine"]),
        (contact("snoozed", mine=True), Wish("take"), GONE["snoozed"]),
        (contact("with_client"), Wish("agent"), GONE["with_client"]),
        (contact(), Wish("queue", to_lob_id=CARE), SAME_LINE),
        (contact(), Wish("queue", to_lob_id=RETURNS), ""),
        (contact(), Wish("reason", reason="leak"), ""),
        (contact(lob=RETURNS), Wish("reason", reason="leak"), NO_REASON),
        (contact(), Wish("close", outcome="returned"), NO_OUTCOME),
        (contact(), Wish("close", outcome="solved"), REASON_MISSING),
        (contact(has_reason=True), Wish("close", outcome="solved"), ""),
        (contact(), Wish("close", outcome="solved", reason="leak"), ""),
        (contact(), Wish("close", outcome="solved", reason="late"), NO_REASON),
        (contact(lob=RETURNS), Wish("close", outcome="returned"), ""),
    ],
)
def test_each_contact_is_reached_or_left_out_with_its_sentence(chosen: Chosen, wish: Wish, why: str) -> None:
    for hands in (FREE, None):
        assert [each.why for each in judge([chosen], wish, RULES, hands)] == [why]


def test_every_state_but_waiting_has_its_sentence() -> None:
    for state in ("closed", "assigned", "snoozed", "pending", "with_client"):
        assert why_gone(state, mine=False)


def test_an_agent_takes_as_many_as_there_is_room_for() -> None:
    three = [contact(), contact(), contact()]
    judged = judge(three, Wish("take"), RULES, Hands(available=True, room=2))
    assert [each.why for each in judged] == ["", "", FULL]


def test_what_passes_through_needs_room_for_one() -> None:
    three = [contact(), contact(), contact()]
    assert not any(each.why for each in judge(three, Wish("aside"), RULES, Hands(available=True, room=1)))
    full = judge(three, Wish("aside"), RULES, Hands(available=True, room=0))
    assert [each.why for each in full] == [FULL] * 3


def test_who_is_away_moves_nothing_and_a_supervisor_needs_no_hands() -> None:
    away = Hands(available=False, room=10)
    assert [each.why for each in judge([contact()], Wish("aside"), RULES, away)] == [AWAY]
    assert [each.why for each in judge([contact()], Wish("aside"), RULES, None)] == [""]
