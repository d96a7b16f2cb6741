"""What an act on several contacts offers and tells, in words."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from portavoce.conversations.choices import LineRules, leaves, path, tree
from portavoce.web.i18n import N_, Words

NAMED = 5
"""Customers named of those left out for one reason; of the rest the number is told."""
SAID = (
    N_("You hold this contact."),
    N_("This contact was put aside meanwhile."),
    N_("The client's back office has this contact."),
    N_("It is in this line of business already."),
    N_("Its line of business does not know this outcome."),
    N_("Its line of business does not know this reason."),
    N_("Choose why the customer wrote."),
    N_("Choose a moment in the future, within ninety days."),
    N_("Choose a moment, or write the day and the time."),
    N_("Choose one of the options shown."),
    N_("This can be undone within half an hour only."),
    N_("It was taken back before it was this contact's turn."),
    N_("An unexpected error on our side."),
    N_("Somebody went on with it since."),
    N_("Somebody has written in it since."),
)
"""What the verbs say, for the translators."""


class Group(msgspec.Struct, frozen=True):
    """Contacts of which the same is to be said."""

    why: str
    names: list[str]

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def named(self) -> list[str]:
        return self.names[:NAMED]

    @property
    def more(self) -> int:
        return max(0, self.count - NAMED)


def told(reasons: Iterable[tuple[str, str]]) -> list[Group]:
    """(why, customer) by why, in order of appearance; without a why there is nothing to say."""
    groups: dict[str, list[str]] = {}
    for why, customer in reasons:
        if why:
            groups.setdefault(why, []).append(customer)
    return [Group(why, names) for why, names in groups.items()]


def offered(rules: Iterable[LineRules], kind: str, words: Words) -> list[tuple[str, str]]:
    """Code and path of whatever can be chosen in any of these lines of business; the same code is offered once."""
    found: dict[str, str] = {}
    for line in rules:
        for each in leaves(tree(line.nodes, kind)):
            labels = [words.gettext(label) for label in path(line.nodes, each.id)]
            found.setdefault(each.code, " › ".join(labels))
    return list(found.items())
