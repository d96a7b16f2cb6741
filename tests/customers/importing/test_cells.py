"""What a cell means, and what to write where it means nothing."""

from __future__ import annotations

import pytest

from portavoce.customers.attributes import BadValue
from portavoce.customers.importing.cells import answer_of, column_of


@pytest.mark.parametrize(
    ("field", "cell", "meant"),
    [
        ("name", "  Gina Verdi ", "Gina Verdi"),
        ("note", " Riga\r\naltra ", "Riga\naltra"),
        ("language", "IT", "it"),
        ("language", "Français", "fr"),
        ("needs", "plain_words, no_calls,", "no_calls,plain_words"),
        ("preferred_channel", "Telefono", "phone"),
        ("preferred_channel", "WhatsApp", "whatsapp"),
        ("preferred_moment", "Nel pomeriggio", "afternoon"),
    ],
)
def test_a_cell_is_read_as_people_write(field: str, cell: str, meant: str) -> None:
    assert column_of(field, cell) == meant


@pytest.mark.parametrize(
    ("field", "cell", "advice"),
    [
        ("name", "x" * 201, "Shorten this text to 200 characters."),
        ("name", "due\nrighe", "Write this on one line."),
        ("name", "Gina\u202e", "Remove the invisible character"),
        ("note", "x" * 4_001, "Shorten this text to 4000 characters."),
        ("note", "\x1b[31m", "Remove the invisible character"),
        ("language", "klingon", "Write it, en, de, fr or es."),
        ("needs", "wings", "Write codes with a comma"),
        ("preferred_channel", "pigeon", "Write email, phone"),
        ("preferred_moment", "night", "Write morning"),
    ],
)
def test_what_means_nothing_is_told_with_what_to_write(field: str, cell: str, advice: str) -> None:
    with pytest.raises(BadValue, match=advice):
        column_of(field, cell)


@pytest.mark.parametrize(
    ("kind", "cell", "meant"),
    [
        ("text", "=1+1", "=1+1"), ("number", "1,50", "1.5"), ("date", "2026-11-30", "2026-11-30"),
        ("choice", "oro", "Oro"), ("yes_no", "Sì", "yes"), ("yes_no", "no", "no"),
    ],
)  # fmt: skip
def test_an_attribute_takes_what_is_of_its_kind(kind: str, cell: str, meant: str) -> None:
    assert answer_of(kind, ("Oro", "Argento"), cell) == meant


@pytest.mark.parametrize(
    ("kind", "cell", "advice"),
    [
        ("number", "dodici", "Write a number"), ("date", "30/11/2026", "Write a date"),
        ("choice", "Bronzo", "Write one of the options"), ("yes_no", "forse", "Write yes or no."),
        ("text", "x" * 501, "Shorten this text to 500"), ("text", "a\nb", "Write this on one line."),
    ],
)  # fmt: skip
def test_an_attribute_refuses_the_rest(kind: str, cell: str, advice: str) -> None:
    with pytest.raises(BadValue, match=advice):
        answer_of(kind, ("Oro", "Argento"), cell)
