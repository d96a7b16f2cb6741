"""Addresses have one form, and ours lose their tag."""

import pytest

from portavoce.channels.email.addresses import canonical, normalise, read
from portavoce.kit.addresses import BadAddress


@pytest.mark.parametrize(
    ("written", "value", "tag"),
    [
        ("Care@Aurora.EXAMPLE", "care@aurora.example", ""),
        ("care+Token.1@aurora.example", "care@aurora.example", "token.1"),
        ("care+a+b@aurora.example", "care@aurora.example", "a+b"),
        ("care@CAFFÈ.example.", "care@xn--caff-8oa.example", ""),
        ("+only@aurora.example", "+only@aurora.example", ""),
    ],
)
def test_our_address_is_normalised_and_its_tag_cut(written: str, value: str, tag: str) -> None:
    assert normalise(written) == (value, tag)


def test_a_customers_tag_stays() -> None:
    assert canonical("Ugo+shop@X.example") == "ugo+shop@x.example"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "a@",
        "@b",
        "a b@c",
        "a@b c",
        "a@[127.0.0.1]",
        "a@b@c.example",
        "a,b@c",
        "a@-b",
        "a" * 65 + "@b",
        "a@" + "b" * 400,
        "a@\x00",
        "a;b@c",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        normalise(written)


def test_a_list_is_split_by_structure_not_by_letters_inside_names() -> None:
    boxes = read(b'"a, b" <x@y.example>, =?utf-8?q?c=2C_d?= <z@y.example>; (note, more) w@y.example')
    assert [(box.name, box.address) for box in boxes] == [
        ("a, b", "x@y.example"),
        ("c, d", "z@y.example"),
        ("note, more", "w@y.example"),
    ]
