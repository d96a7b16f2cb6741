"""What a tree of choices offers, and where each choice stands in it."""

from __future__ import annotations

from uuid import UUID, uuid4

from portavoce.conversations.choices import (
    OUTCOME,
    REASON,
    LineRules,
    Node,
    chosen,
    leaves,
    path,
    places_for,
    siblings,
    tree,
)


def node(
    label: str, parent: Node | None = None, *, at: int = 1, retired: bool = False, kind: str = OUTCOME
) -> Node:
    return Node(uuid4(), kind, parent.id if parent else None, label.lower(), label, at, retired)


SOLVED, COMPLAINT = node("Solved", at=2), node("Complaint")
LATE, BROKEN, OLD = (
    node("Late", COMPLAINT, at=2),
    node("Broken", COMPLAINT),
    node("Old", COMPLAINT, retired=True),
)
GLASS = node("Glass", BROKEN)
GONE = node("Gone", retired=True, at=0)
BELOW_GONE = node("Below", GONE)
PARCEL = node("Parcel", kind=REASON)
NODES = (SOLVED, COMPLAINT, LATE, BROKEN, OLD, GLASS, GONE, BELOW_GONE, PARCEL)


def test_each_list_has_its_order_and_only_what_is_offered() -> None:
    first = tree(NODES, OUTCOME)
    assert [each.label for each in first] == ["Complaint", "Solved"]
    assert [each.label for each in first[0].below] == ["Broken", "Late"]
    assert [each.label for each in tree(NODES, REASON)] == ["Parcel"]
    assert [each.label for each in leaves(first)] == ["Glass", "Late", "Solved"]


def test_administrators_see_the_retired_too_after_the_others() -> None:
    every = tree(NODES, OUTCOME, retired=True)
    assert [(each.label, each.retired) for each in every] == [
        ("Complaint", False), ("Solved", False), ("Gone", True),
    ]  # fmt: skip
    assert [each.label for each in every[0].below] == ["Broken", "Late", "Old"]


def test_only_a_leaf_can_be_chosen_and_none_below_what_is_retired() -> None:
    found = {code: chosen(NODES, OUTCOME, code) is not None for code in ("solved", "glass", "late")}
    assert found == dict.fromkeys(found, True)
    for code in ("complaint", "broken", "old", "gone", "below", "parcel", "", "invented"):
        assert chosen(NODES, OUTCOME, code) is None, code


def test_a_path_names_every_level_also_of_what_is_retired() -> None:
    assert path(NODES, GLASS.id) == ("Complaint", "Broken", "Glass")
    assert path(NODES, BELOW_GONE.id) == ("Gone", "Below")
    assert path(NODES, None) == path(NODES, UUID(int=0)) == ()


def test_something_can_be_added_below_what_is_offered_and_leaves_a_level() -> None:
    assert [labels for _, labels in places_for(NODES, OUTCOME)] == [
        ("Complaint",), ("Complaint", "Broken"), ("Complaint", "Late"), ("Solved",),
    ]  # fmt: skip


def test_beside_a_choice_stand_the_offered_of_its_list() -> None:
    assert [each.label for each in siblings(NODES, OUTCOME, COMPLAINT.id)] == ["Broken", "Late"]


def test_a_reason_is_asked_for_only_where_there_is_one() -> None:
    assert LineRules(True, "off", 60, NODES).asks_reason
    assert not LineRules(True, "off", 60, NODES[:-1]).asks_reason
    assert not LineRules(False, "off", 60, NODES).asks_reason
