"""Named, outside, or ours: from traces and what is known of their keys."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.brands.judging import Hit, Known, judge
from portavoce.brands.traces import traces

OWN, BOSCO = uuid4(), uuid4()
TEXT = "Scriva a care@bosco.it o chiami lo +39 011 5550123.\nLumi passa.\n\nIl team Bosco"


def judged(text: str, *known: Known) -> list[Hit]:
    return judge(traces(text, "IT"), known, OWN, {"aurora"})


def kinds(hits: list[Hit]) -> list[tuple[str, bool]]:
    return [(hit.kind, hit.brand_id is not None) for hit in hits]


def test_without_anything_known_what_is_somebodys_is_outside() -> None:
    assert kinds(judged(TEXT)) == [("address", False), ("phone", False), ("signature", False)]


def test_the_mark_of_a_brand_in_scope_is_named_and_a_mere_name_warns() -> None:
    hits = judged(TEXT, Known("domain bosco.it", BOSCO, None), Known("word lumi", BOSCO, None))
    assert kinds(hits) == [("address", True), ("phone", False), ("word", True), ("signature", False)]
    assert [hit.blocks for hit in hits] == [True, True, False, True]


@pytest.mark.parametrize("origin", ["name", "address", "signature", "added", "allowed"])
def test_what_is_ours_or_allowed_is_no_mistake_even_if_others_have_it_too(origin: str) -> None:
    ours = Known("domain bosco.it", OWN, origin)
    assert ("address", True) not in kinds(judged(TEXT, ours, Known("domain bosco.it", BOSCO, None)))
    assert ("address", False) not in kinds(judged(TEXT, ours))


def test_what_was_sent_once_is_no_stranger_and_still_another_brands() -> None:
    used = Known("address care@bosco.it", OWN, "used")
    assert ("address", False) not in kinds(judged(TEXT, used))
    assert ("address", True) in kinds(judged(TEXT, used, Known("domain bosco.it", BOSCO, None)))


@given(st.lists(st.sampled_from(sorted({key for each in traces(TEXT, "IT") for key in each.keys}))))
def test_who_else_is_a_client_changes_nothing_for_whoever_does_not_serve_them(keys: list[str]) -> None:
    """A key that belongs to a brand outside the scope comes without a brand, and without effect."""
    assert judged(TEXT, *[Known(key, None, None) for key in keys]) == judged(TEXT)


def test_where_anybody_is_sent_is_not_outside() -> None:
    assert judged("Segua il pacco su www.brt.it") == []


def test_a_line_that_carries_our_name_is_ours() -> None:
    assert judged("Ciao.\n\nIl team Aurora Clienti Nord") == []


def test_of_two_hits_on_one_place_the_named_one_counts() -> None:
    known = [Known("phone +39800123", BOSCO, None)]
    assert kinds(judged("Chiami 800 123 456", *known)) == [("phone", True)]
