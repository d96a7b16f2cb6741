"""The passage with its hits."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from portavoce.search.marking import passage

LONG = "parola " * 60 + "la caldaia perde acqua " + "dopo " * 60


def shown(text: str, wanted: str) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in passage(text, wanted))


def test_every_word_that_was_asked_for_is_marked_in_its_own_spelling() -> None:
    assert (
        shown("Le FATTURE e la fattura, perché?", "fattura perche")
        == "Le [FATTURE] e la [fattura], [perché]?"
    )


def test_the_beginning_of_a_word_marks_the_whole_word() -> None:
    assert shown("Il corriere è in ritardo", "corr") == "Il [corriere] è in ritardo"


def test_a_hit_deep_in_a_long_text_is_shown_with_what_surrounds_it() -> None:
    found = shown(LONG, "caldaia")
    assert found.startswith("… parola")
    assert found.endswith("…")
    assert "la [caldaia] perde acqua dopo" in found
    assert len(found) < 260


def test_without_a_hit_the_text_begins_at_its_beginning() -> None:
    assert shown("Buongiorno a tutti", "gina") == "Buongiorno a tutti"
    assert shown("", "gina") == ""


def test_an_address_is_marked_whole() -> None:
    assert shown("Da gina@posta.example, ieri", "gina@posta.example") == "Da [gina@posta.example], ieri"


@given(text=st.text(max_size=300), wanted=st.text(max_size=30))
def test_nothing_is_added_to_what_was_written(text: str, wanted: str) -> None:
    line = " ".join(unicodedata.normalize("NFC", text).split())
    said = "".join(piece.text for piece in passage(text, wanted) if piece.text not in ("… ", " …"))
    assert said in line or not said
