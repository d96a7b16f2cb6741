"""Entries and questions in the language of PostgreSQL; what they match is PostgreSQL's own word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.search.analysis import STOP
from portavoce.search.vectors import MOST_TERMS, MOST_WORDS, asked, key, question, vector
from tests.database import Installation

BRAND, OTHER = UUID(int=1), UUID(int=2)
LETTER = vector(
    BRAND,
    ["La fattura di settembre"],
    ["Buongiorno, i pacchi non sono arrivati perché il corriere è in ritardo."],
)
GINA = vector(
    BRAND,
    ["Gina Verdi", "gina.verdi@posta.example", "+393471234567"],
    numbers=["gina.verdi@posta.example", "+393471234567"],
)


def matches(connection: psycopg.Connection[Any], entry: str, asked_for: str) -> bool:
    row = connection.execute("SELECT %s::tsvector @@ %s::tsquery", [entry, asked_for]).fetchone()
    assert row is not None
    return bool(row[0])


@pytest.mark.parametrize(
    "text",
    ["fatture", "FATTURA", "pacco", "perche", "perché", "corr", "fattura settembre", "il pacco", "settem", "ritardi",
     "la fattura di settembre ", "pacchi arr"],
)  # fmt: skip
def test_words_are_found_in_any_form_and_the_last_by_its_beginning(
    superuser: psycopg.Connection[Any], text: str
) -> None:
    assert matches(superuser, LETTER, question(BRAND, text))


@pytest.mark.parametrize("text", ["bolletta", "fattura ottobre", "corr ", "fat settembre ", "attura"])
def test_what_is_not_there_is_not_found(superuser: psycopg.Connection[Any], text: str) -> None:
    assert not matches(superuser, LETTER, question(BRAND, text))


@pytest.mark.parametrize(
    "text",
    ["gina", "ver", "verdi gina", "gina.verdi@posta.example", "GINA.VERDI@POSTA.EXAMPLE", "gina.verdi@po", "posta",
     "4567", "123 4567", "347 1234567", "+39 347 1234567", "0039 347-1234567"],
)  # fmt: skip
def test_a_customer_is_found_by_name_address_and_the_end_of_a_number(
    superuser: psycopg.Connection[Any], text: str
) -> None:
    assert matches(superuser, GINA, question(BRAND, text))


@pytest.mark.parametrize("text", ["3471", "567", "gino", "gina@posta.example"])
def test_another_customer_is_not(superuser: psycopg.Connection[Any], text: str) -> None:
    assert not matches(superuser, GINA, question(BRAND, text))


def test_the_same_words_of_another_brand_are_other_lexemes(superuser: psycopg.Connection[Any]) -> None:
    assert key(BRAND) != key(OTHER)
    assert not matches(superuser, LETTER, question(OTHER, "fattura"))
    lexemes = superuser.execute("SELECT lexeme FROM unnest(%s::tsvector)", [LETTER]).fetchall()
    assert lexemes
    assert all(lexeme.startswith(key(BRAND)) for (lexeme,) in lexemes)


@pytest.mark.parametrize("text", ["", " ", "a", "il ", "?!", "di la ", "\0"])
def test_what_asks_for_nothing_finds_nothing(superuser: psycopg.Connection[Any], text: str) -> None:
    assert question(BRAND, text) == ""
    assert not matches(superuser, LETTER, question(BRAND, text))


def test_a_question_has_so_many_words_and_no_more() -> None:
    assert len(asked(" ".join(f"parola{n}" for n in range(30)))) == MOST_WORDS


def test_the_longest_text_is_entered(superuser: psycopg.Connection[Any]) -> None:
    entry = vector(BRAND, [], [" ".join(f"parola{n}" for n in range(50_000))])
    assert entry.count("'") == 2 * MOST_TERMS
    assert matches(superuser, entry, question(BRAND, "parola17"))


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_written_is_taken(text: str, installation: Installation) -> None:
    """Each text finds itself, when it has a word that counts; quotes, operators and NUL are not words."""
    with psycopg.connect(installation.superuser_dsn) as connection:
        found = matches(connection, vector(BRAND, [text]), question(BRAND, text))
    assert found or all(word in STOP for word, _last in asked(text))


def test_a_little_word_on_the_way_to_a_longer_one_does_not_hide_the_others(
    superuser: psycopg.Connection[Any],
) -> None:
    assert asked("fattura di") == [("fattura", False)]
    assert asked("di") == [("di", True)]
    assert asked("di ") == []
    assert matches(superuser, LETTER, question(BRAND, "fattura di"))
