"""What the palette can do, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.web.desk.actions import MOVES, ON_CONTACT, PAGE, STATES, actions, fits
from portavoce.web.templating import Templates
from tests.web.test_pages import actor

STATIC = frontend_dir() / "static" / "js"


def labels(groups: Iterator[object]) -> list[str]:
    return [
        "".join(piece.text for piece in option.label)
        for group in groups
        for option in group.options  # type: ignore[attr-defined]  # -- an OptionGroup
    ]


@pytest.mark.parametrize(
    ("label", "text", "found"),
    [
        ("Concludi e scegli l'esito", "", True),
        ("Concludi e scegli l'esito", "esi conc", True),
        ("Concludi e scegli l'esito", "CONCLÙ", True),
        ("Concludi e scegli l'esito", "oncludi", False),
        ("Pausa", "pausa lunga", False),
    ],
)
def test_letters_fit_where_each_word_begins_one_of_the_label(label: str, text: str, found: bool) -> None:
    assert fits(label, text) is found


def test_places_are_those_the_person_may_go_to(templates: Templates) -> None:
    words = templates.words["en"]
    assert "Desk" in labels(actions(actor("agent"), words, ""))
    assert "Administration" not in labels(actions(actor("agent"), words, ""))
    assert "Administration" in labels(actions(actor("agent", "admin"), words, ""))


def test_what_fits_nothing_gives_no_group(templates: Templates) -> None:
    assert list(actions(actor("agent"), templates.words["it"], "zzz")) == []


def test_every_move_is_a_key_of_the_desk() -> None:
    keys = (STATIC / "keys.js").read_text()
    assert all(f'"{key}":' in keys for _, _, key, _ in MOVES)


def test_every_press_names_something_of_a_template() -> None:
    """A selector that nothing has is an option nobody is ever offered."""
    markup = "".join(path.read_text() for path in (frontend_dir() / "templates").rglob("*.html"))
    for selector in [press for _, _, press, _ in (*ON_CONTACT, *PAGE)]:
        wanted = re.findall(r'"([^"]+)"|\[data-open=(\w+)\]|\[(data-theme-toggle|data-language)\]', selector)
        assert wanted
        assert all("".join(each) in markup for each in wanted), selector
    for _, value in STATES:
        assert value.partition(" ")[2] or f'"{value}"' in markup
