"""Trees of choices of a line of business: how a contact ended, and why it came. Three levels, a short list at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

OUTCOME, REASON = "outcome", "reason"
KINDS = (OUTCOME, REASON)
LEVELS = 3
MOST = 15
"""Choices of one list. Retired ones do not count."""
LONGEST_LABEL = 40


class Node(NamedTuple):
    """A choice as it is stored."""

    id: UUID
    kind: str
    parent_id: UUID | None
    code: str
    label: str
    position: int
    retired: bool


class Choice(NamedTuple):
    """A choice with those below it, in their order; without any it can be chosen."""

    id: UUID
    code: str
    label: str
    retired: bool
    below: tuple[Choice, ...] = ()


def tree(nodes: Iterable[Node], kind: str, *, retired: bool = False) -> tuple[Choice, ...]:
    """What is offered of a kind; with `retired` also what is not any more, last in each list."""
    offered = [each for each in nodes if each.kind == kind and (retired or not each.retired)]
    return _below(sorted(offered, key=lambda each: (each.retired, each.position, each.id)), None)


def _below(nodes: list[Node], parent: UUID | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(each.id, each.code, each.label, each.retired, _below(nodes, each.id))
        for each in nodes
        if each.parent_id == parent
    )


def leaves(choices: Iterable[Choice]) -> Iterator[Choice]:
    for each in choices:
        if each.below:
            yield from leaves(each.below)
        else:
            yield each


def chosen(nodes: Iterable[Node], kind: str, code: str) -> Choice | None:
    """The offered choice of this code, if it is one that can be chosen: nothing below it, nothing above it retired."""
    return next((each for each in leaves(tree(nodes, kind)) if each.code == code), None)


def path(nodes: Iterable[Node], node_id: UUID | None) -> tuple[str, ...]:
    """The labels from the first level down to it; empty when it is not among them."""
    known = {each.id: each for each in nodes}
    labels: list[str] = []
    node = known.get(node_id) if node_id else None
    while node is not None:
        labels.insert(0, node.label)
        node = known.get(node.parent_id) if node.parent_id else None
    return tuple(labels)


def places_for(nodes: Sequence[Node], kind: str) -> list[tuple[UUID, tuple[str, ...]]]:
    """Below what something can be added: whatever is offered and leaves a level, with its path."""
    offered = [(each.id, path(nodes, each.id)) for each in _every(tree(nodes, kind))]
    return [(node_id, labels) for node_id, labels in offered if len(labels) < LEVELS]


def _every(choices: Iterable[Choice]) -> Iterator[Choice]:
    for each in choices:
        yield each
        yield from _every(each.below)


def siblings(nodes: Iterable[Node], kind: str, parent_id: UUID | None) -> list[Node]:
    """Those of one list that are offered, in their order."""
    of_list = [
        each for each in nodes if (each.kind, each.parent_id) == (kind, parent_id) and not each.retired
    ]
    return sorted(of_list, key=lambda each: (each.position, each.id))


class LineRules(NamedTuple):
    """`nodes` are all choices ever made, also the retired. `acw_s` counts where `acw_mode` is not off.

    `approval`: which replies the client approves before they leave, one of `brands.models.APPROVALS`.
    """

    reason_required: bool
    acw_mode: str
    acw_s: int
    nodes: tuple[Node, ...]
    approval: str = "never"

    @property
    def outcomes(self) -> tuple[Choice, ...]:
        return tree(self.nodes, OUTCOME)

    @property
    def reasons(self) -> tuple[Choice, ...]:
        return tree(self.nodes, REASON)

    @property
    def asks_reason(self) -> bool:
        """Where there is none to choose, none is asked for."""
        return self.reason_required and bool(self.reasons)

    def outcome(self, code: str) -> Choice | None:
        return chosen(self.nodes, OUTCOME, code)

    def reason(self, code: str) -> Choice | None:
        return chosen(self.nodes, REASON, code)
