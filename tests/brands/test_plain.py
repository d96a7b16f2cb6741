"""Two texts a reader cannot tell apart are one, and every hit is found again in what was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.brands.plain import FILLERS, LOOKALIKES, plain, squeezed

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u202e" + FILLERS
TWINS: dict[str, list[str]] = {}
for _odd, _usual in LOOKALIKES.items():
    TWINS.setdefault(chr(_usual) if isinstance(_usual, int) else str(_usual), []).append(chr(_odd))


@st.composite
def disguised(draw: st.DrawFn, name: str) -> str:
    """The name with invisible signs, letters of other scripts, wide letters, and accents written apart."""
    out = []
    for letter in name:
        twins = [letter, letter.upper(), *TWINS.get(letter, []), unicodedata.normalize("NFD", letter)]
        if "!" <= letter <= "~":
            twins.append(chr(ord(letter) + 0xFEE0))
        out.append(draw(st.sampled_from(twins)) + draw(st.text(INVISIBLE, max_size=2)))
    return "".join(out)


@given(disguised("nordcaffè"))
def test_a_disguised_name_is_the_name(written: str) -> None:
    assert squeezed(written) == "nordcaffe"


@given(
    st.text(st.sampled_from("aAè e\u0301\u0300\u00ad\u200bßﬁÅ①²٣ｗ–\u00a0İ🙂한\n"), max_size=80),
    st.booleans(),
)
def test_every_letter_knows_where_it_stood(text: str, accents: bool) -> None:
    read = plain(text, accents=accents)
    assert len(read.text) == len(read.starts) == len(read.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(read.starts, read.ends, strict=True))
    assert list(read.starts) == sorted(read.starts)


@pytest.mark.parametrize(
    ("text", "read"), [("Caffè", "caffè"), ("٣٤", "34"), ("a–b", "a-b"), ("x\u00a0y", "x y"), ("４", "4")]
)
def test_accents_count_where_asked_and_signs_have_one_spelling(text: str, read: str) -> None:
    assert plain(text, accents=True).text == read


def test_a_place_is_given_back_as_it_was_written() -> None:
    text = "da Lu\u00admi qui"
    read = plain(text, accents=False)
    at = read.text.index("lumi")
    assert text[slice(*read.span(at, at + 4))] == "Lu\u00admi"
