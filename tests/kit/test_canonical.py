import json
from datetime import UTC, datetime
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.canonical import NotCanonical, dumps, moment

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)
BODIES = st.dictionaries(TEXT, VALUES)


@given(BODIES)
def test_the_text_reads_back_as_the_same_value_and_writes_again_the_same(body: dict[str, object]) -> None:
    text = dumps(body)
    assert json.loads(text) == body
    assert dumps(json.loads(text)) == text


@given(BODIES, st.randoms())
def test_the_order_of_keys_does_not_matter(body: dict[str, object], shuffler: Random) -> None:
    keys = list(body)
    shuffler.shuffle(keys)
    assert dumps({key: body[key] for key in keys}) == dumps(body)


@given(BODIES)
def test_the_text_has_no_nul_and_encodes_as_utf8(body: dict[str, object]) -> None:
    assert "\x00" not in dumps(body).encode().decode()


def test_times_and_ids_become_text_and_letters_stay_letters() -> None:
    body = {
        "state": "più tardi",
        "at": datetime(2026, 3, 29, 3, tzinfo=ZoneInfo("Europe/Rome")),
        "id": UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
        "tags": ("b", None, True, -3),
    }
    assert dumps(body) == (
        '{"at":"2026-03-29T01:00:00.000000Z","id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",'
        '"state":"più tardi","tags":["b",null,true,-3]}'
    )


def test_a_moment_keeps_its_microseconds() -> None:
    assert moment(datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000001Z"


NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 -- a naive time is what is refused


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        NAIVE,
        b"bytes",
        {1, 2},
        2**63,
        -(2**63) - 1,
        "a\x00b",
        "\ud800",
        {1: "x"},
        {"\x00": 1},
    ],
    ids=repr,
)
def test_what_has_no_one_text_is_refused_at_any_depth(value: object) -> None:
    with pytest.raises(NotCanonical):
        dumps({"outer": [{"inner": value}]})
