"""Words as the index sees them."""

from __future__ import annotations

import pytest

from portavoce.search.analysis import LONGEST, digits, fold, stems, terms, tokens

SAME = [
    ("fattura", "fatture"), ("pacco", "pacchi"), ("servizio", "servizi"), ("spedita", "spediti"), ("macchina", "macchine"),
    ("delay", "delays"), ("delayed", "delaying"), ("party", "parties"), ("invoice", "invoices"), ("arrive", "arrived"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_forms_of_one_word_meet_in_a_stem(one: str, other: str) -> None:
    assert stems(one) & stems(other) or one in stems(other)


@pytest.mark.parametrize(
    ("one", "other"), [("caso", "casa"), ("conto", "contratto"), ("boss", "bos"), ("10", "100")]
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert not terms(one) & terms(other)


def test_case_and_accents_make_no_difference() -> None:
    assert fold("PERCHÉ") == fold("perche\N{COMBINING ACUTE ACCENT}") == "perche"
    assert fold("Straße") == "strasse"
    assert len(fold("a" * 500)) == LONGEST


def test_an_elided_article_is_no_part_of_the_word() -> None:
    assert [word for _, _, word in tokens("l'Acqua dell’impianto")] == ["l", "acqua", "dell", "impianto"]


def test_a_mail_address_is_one_word_and_its_parts() -> None:
    [(start, end, word)] = tokens("Gina.Verdi+shop@posta.example")
    assert (start, end) == (0, 29)
    assert terms(word) >= {"gina.verdi+shop@posta.example", "gina", "verdi", "posta"}


def test_words_that_say_nothing_are_not_entered() -> None:
    assert terms("della") == terms("with") == set()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+39 347 123-4567", "393471234567"),
        ("0039 (347) 1234567", "393471234567"),
        ("ordine 12", ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_its_digits(text: str, number: str) -> None:
    assert digits(text) == number
