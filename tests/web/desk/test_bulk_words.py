"""Reasons told together, choices of several lines offered once."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from portavoce.conversations.choices import LineRules, Node
from portavoce.core.paths import frontend_dir
from portavoce.web.desk.bulk_words import NAMED, offered, told
from portavoce.web.i18n import load_words

LOCALE: Path = frontend_dir() / "locale"


def node(code: str, label: str, *, parent: UUID | None = None) -> Node:
    return Node(uuid4(), "outcome", parent, code, label, 0, retired=False)


def test_reasons_come_once_with_the_first_names_and_the_number_of_the_rest() -> None:
    reasons = [("A.", f"Gina {number}") for number in range(NAMED + 2)]
    first, second = told([("", "Ugo"), *reasons, ("B.", "Lino")])
    assert (first.why, first.count, len(first.named), first.more) == ("A.", NAMED + 2, NAMED, 2)
    assert (second.why, second.named, second.more) == ("B.", ["Lino"], 0)
    assert told([("", "Ugo")]) == []


def test_a_choice_of_two_lines_is_offered_once_with_its_path_in_the_readers_language() -> None:
    group = node("group", "Solved")
    care = LineRules(False, "off", 0, (group, node("inside", "Information given", parent=group.id)))
    returns = LineRules(False, "off", 0, (node("inside", "Altro nome"), node("returned", "Reso")))
    words = load_words(LOCALE)["it"]
    assert offered([care, returns], "outcome", words) == [
        ("inside", "Risolto › Informazioni date"),
        ("returned", "Reso"),
    ]
