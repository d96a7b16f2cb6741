"""A job envelope is believed only when we signed it, lately, as it is."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.core import jobs
from portavoce.core.jobs import LIFETIME, BadEnvelope, Envelope, deserialize, seal, serialize, unseal
from tests.database import NOON

KEY = b"k" * 32
AURORA, BOSCO, ROW = UUID(int=1), UUID(int=2), UUID(int=3)


def sealed(brand: UUID | None = AURORA) -> dict[str, str]:
    return seal(KEY, "email.deliver", brand, ROW, 1, NOON)


@pytest.mark.parametrize("brand", [AURORA, None])
def test_what_was_sealed_opens_as_it_was_even_after_its_journey(brand: UUID | None) -> None:
    [travelled] = deserialize(serialize({"f": "work", "a": (sealed(brand),), "k": {}, "t": None, "et": 1}))[
        "a"
    ]
    assert unseal(KEY, travelled, NOON) == Envelope(1, "email.deliver", brand, ROW, 1, NOON)


def test_an_envelope_changed_to_another_brand_is_refused() -> None:
    forged = sealed()
    forged["body"] = forged["body"].replace(str(AURORA), str(BOSCO))
    with pytest.raises(BadEnvelope, match="signature"):
        unseal(KEY, forged, NOON)


def test_an_envelope_sealed_with_another_key_is_refused() -> None:
    with pytest.raises(BadEnvelope, match="signature"):
        unseal(b"x" * 32, sealed(), NOON)


@pytest.mark.parametrize("age", [LIFETIME, LIFETIME * 2, timedelta(minutes=-5), timedelta(minutes=-30)])
def test_a_stale_envelope_or_one_of_the_future_is_refused(age: timedelta) -> None:
    with pytest.raises(BadEnvelope, match="too old"):
        unseal(KEY, sealed(), NOON + age)


@pytest.mark.parametrize("age", [timedelta(), LIFETIME - timedelta(seconds=1), timedelta(minutes=-4)])
def test_an_envelope_of_today_is_believed_though_clocks_differ(age: timedelta) -> None:
    assert unseal(KEY, sealed(), NOON + age).outbox_id == ROW


def test_an_envelope_of_another_version_is_refused() -> None:
    body = sealed()["body"].replace('"v":1', '"v":2')
    resealed = {"body": body, "sig": _signature(body)}
    with pytest.raises(BadEnvelope, match="version"):
        unseal(KEY, resealed, NOON)


def test_signed_nonsense_is_refused_too() -> None:
    for body in ("{}", "", "no json", '{"v":1}'):
        with pytest.raises(BadEnvelope):
            unseal(KEY, {"body": body, "sig": _signature(body)}, NOON)


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(GARBAGE | st.fixed_dictionaries({"body": st.text() | st.integers(), "sig": GARBAGE}))
def test_garbage_is_refused_and_nothing_else_happens(garbage: object) -> None:
    with pytest.raises(BadEnvelope):
        unseal(KEY, garbage, NOON)


def test_letters_beyond_ascii_in_a_signature_or_body_are_refused() -> None:
    for forged in ({"body": "x", "sig": "è"}, {"body": "\ud800", "sig": "\udcff"}):
        with pytest.raises(BadEnvelope):
            unseal(KEY, forged, NOON)


def _signature(body: str) -> str:
    return jobs._sign(KEY, body)


def test_the_exception_of_a_job_that_arq_gives_up_can_be_written() -> None:
    assert json.loads(serialize({"r": RuntimeError("cut off")})) == {"r": "RuntimeError('cut off')"}


@pytest.mark.parametrize(
    "written",
    [
        pickle.dumps({"f": "work", "a": (), "k": {}, "t": None, "et": 1}),
        b"",
        b"[]",
        b'{"f": "work", "a": [], "k": {}, "t": "x", "et": 1}',
        b'{"f": ["work"], "a": [], "k": {}, "t": 1, "et": 1}',
        b'{"f": "work", "a": [], "k": [], "t": 1, "et": 1}',
        b'{"f": "work", "a": [], "k": {}, "t": 1, "et": null}',
    ],
)
def test_what_is_not_a_job_as_arq_writes_it_is_refused(written: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        deserialize(written)
