"""Which column is which field: a good guess, and no mapping that could not be meant."""

from __future__ import annotations

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.customers.importing.errors import BadMapping
from portavoce.customers.importing.fields import checked, folded, guess
from portavoce.web.admin.customer_export import HEADINGS
from portavoce.web.i18n import load_words

FIELDS = ["id", "name", "language", "reached", "needs", "preferred_channel", "preferred_moment", "note", ""]
ATTRIBUTES = [
    ("a_1", "Numero di contratto", "contract"),
    ("a_2", "Telefono", "old_phone"),
    ("a_3", "Name", "nick"),
]


@pytest.mark.parametrize("locale", ["it", "en"])
def test_the_headings_of_our_own_export_are_known_in_both_languages(locale: str) -> None:
    words = load_words(frontend_dir() / "locale")[locale]
    headings = [words.gettext(each) for each in HEADINGS]
    assert guess(headings, []) == FIELDS
    assert guess([*headings, "Telefono", "Name"], ATTRIBUTES) == [*FIELDS, "a_2", "a_3"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NOME E COGNOME", "name"),
        ("E-Mail", "email"),
        ("Indirizzo e-mail", "email"),
        ("cellulare", "phone"),
        ("Phone number", "phone"),
        ("numero_di_contratto", "a_1"),
        ("contract", "a_1"),
        ("Telefono", "a_2"),
        ("Lingua", "language"),
        ("Canale preferito", "preferred_channel"),
        ("Fatturato", ""),
        ("", ""),
    ],
)
def test_usual_headings_are_known_and_the_brands_own_attributes_come_first(heading: str, field: str) -> None:
    assert guess([heading], ATTRIBUTES) == [field]


def test_no_field_is_guessed_twice_but_numbers_and_addresses() -> None:
    headings = ["Nome", "nome", "Mail", "e-mail", "Tel", "Cellulare"]
    assert guess(headings, []) == ["name", "", "email", "email", "phone", "phone"]


@pytest.mark.parametrize(
    "mapping",
    [["email"], ["email", "name", ""], ["email", "a_9"], ["name", "name"], ["name", "note"], ["", ""]],
)
def test_a_mapping_that_says_too_little_or_too_much_is_refused(mapping: list[str]) -> None:
    with pytest.raises(BadMapping):
        checked(mapping, 2, ["a_1"])


def test_a_mapping_that_can_be_meant_is_taken() -> None:
    for mapping in (["email", "email"], ["id", "a_1"], ["", "phone"]):
        assert checked(mapping, 2, ["a_1"]) == mapping


def test_case_accents_and_signs_do_not_matter() -> None:
    assert folded("  È-mail_ ") == "e mail"
