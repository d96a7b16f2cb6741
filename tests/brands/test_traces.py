"""What can tell whose a text is, wherever and however it stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.brands.traces import (
    ADDRESS,
    DOMAIN,
    KINDS,
    PHONE,
    SIGNATURE,
    WORD,
    Trace,
    key_of,
    signature_keys,
    traces,
)


def keys(text: str) -> set[str]:
    return {key for trace in traces(text, "IT") for key in trace.keys}


def outside(text: str) -> list[str]:
    return [text[each.start : each.end] for each in traces(text, "IT") if each.outside]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Scriva a Care@Lumi.Example.", "address care@lumi.example"),
        ("Scriva a care+ordini@lumi.example", "address care@lumi.example"),
        ("Scriva a care [at] lumi [dot] example", "address care@lumi.example"),
        ("Scriva a care@posta.lumi.example", "domain lumi.example"),
        ("Veda https://www.shop.lumi.example/resi?x=1", "domain lumi.example"),
        ("Veda lu\u00admi.exa\u200bmple", "domain lumi.example"),
        ("Veda lumі.example", "domain lumi.example"),
        ("Veda ｌｕｍｉ．ｅｘａｍｐｌｅ", "domain lumi.example"),
        ("Veda caffè.example", "domain xn--caff-8oa.example"),
        ("Veda xn--caff-8oa.example", "domain xn--caff-8oa.example"),
        ("Ciao\n\nIl  Team, di Lumi!", "signature ilteamdilumi"),
        ("Ciao\nCon cura,\nVelia", "signature concuravelia"),
        ("Il tecnico di Lumi Energia passa", "word lumienergia"),
        ("Il tecnico di LUMI-ENERGIA passa", "word lumienergia"),
        ("Tel 011/55.50-123", "phone +390115550123"),
    ],
)
def test_a_mark_is_found_as_it_is_kept(text: str, key: str) -> None:
    assert key in keys(text)
    assert all(0 <= each.start < each.end <= len(text) for each in traces(text, "IT"))


@pytest.mark.parametrize(
    "text",
    [
        "Il pacco è arrivato.Grazie a Lei",
        "We have it.It will leave tomorrow",
        "S.p.A. e s.r.l., p.es. il n.3, ore 14.30",
        "Il servizio clienti",
        "Un caro saluto dal team",
        "Cordiali saluti,\nGiulia",
        "Kind regards,\nThe customer care team",
        "Il team spedizioni",
        "Il prezzo è 12.50 e lo sconto 3.5",
        "IBAN IT60 X054 2811 1010 0000 0123 456",
        "Ordine NC-48213, POD IT001E12345678, seriale 0115550123",
    ],
)
def test_ordinary_writing_holds_nothing_from_outside(text: str) -> None:
    assert outside(text) == []


@pytest.mark.parametrize(
    "text",
    ["Veda corriere.it", "Scriva a x@y.it", "Chiami il numero verde 800 900 500", "Ok.\n\nIl team Bosco", "Done.\n\nThe Bosco Team"],
)  # fmt: skip
def test_what_is_somebodys_can_be_told_as_such(text: str) -> None:
    assert len(outside(text)) == 1


def test_a_name_in_small_letters_is_a_word() -> None:
    assert "word velia" not in keys("una velia di stoffa")
    assert "word velia" in keys("la Velia")


def test_an_address_is_one_trace_and_its_parts_are_none() -> None:
    found = traces("Scriva a Lumi@lumi.example", "IT")
    assert [each.kind for each in found if each.kind in (ADDRESS, DOMAIN)] == [ADDRESS]
    assert not [each for each in found if each.kind == WORD and each.start > 8]


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        (DOMAIN, "https://www.Lumi.example/x", "domain lumi.example"),
        (DOMAIN, "lumi", None),
        (ADDRESS, "Care@Lumi.example", "address care@lumi.example"),
        (ADDRESS, "care", None),
        (PHONE, "800 123 456", "phone +39800123456"),
        (PHONE, "x", None),
        (WORD, "Fjord 2", "word fjord2"),
        (WORD, "!!", None),
        (SIGNATURE, "Il team", "signature ilteam"),
        (SIGNATURE, "Ciao", None),
    ],
)
def test_what_an_administrator_writes_becomes_a_key_or_nothing(
    kind: str, value: str, key: str | None
) -> None:
    assert key_of(kind, value, "IT") == key


def test_only_lines_that_carry_more_than_the_name_are_a_signature() -> None:
    assert signature_keys("Con cura,\nVelia", "Velia") == {"signature concuravelia": "Con cura, Velia"}
    assert signature_keys("Cordiali saluti", "Velia") == {}
    assert signature_keys("Velia", "Velia") == {}


@given(st.text(alphabet=st.sampled_from("aA1.@- \n(+è/:"), max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    for each in traces(text, "IT"):
        assert isinstance(each, Trace)
        assert each.kind in KINDS
        assert each.keys
        assert text[each.start : each.end]


@pytest.mark.parametrize("piece", ["a", "a.", "a@", "1 ", "Ab ", "+", "(", "ab cdef\n", "a.b@c.d ", "[at]"])
def test_a_long_hostile_text_gives_a_bounded_number_of_traces(piece: str) -> None:
    assert len(traces(piece * (20_000 // len(piece)), "IT")) < 12_000
