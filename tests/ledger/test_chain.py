from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.canonical import dumps
from portavoce.ledger.chain import Head, Row, genesis, link, verify_rows

AURORA = UUID(int=1)
START = Head(0, genesis(AURORA))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def columns(n: int) -> dict[str, object]:
    return {
        "kind": "message.sent",
        "at": NOON + timedelta(minutes=n),
        "lob_id": UUID(int=n),
        "from_state": None,
    }


def chain(length: int) -> list[Row]:
    rows: list[Row] = []
    prev = START.hash
    for n in range(1, length + 1):
        body = dumps({**columns(n), "body": {"automatic": False}})
        rows.append(Row(n, prev, link(prev, n, body), body, columns(n)))
        prev = rows[-1].hash
    return rows


def faults(rows: list[Row], head: Head | None = None) -> list[tuple[int, str]]:
    return [(fault.n, fault.reason) for fault in verify_rows(rows, after=START, head=head)]


def test_the_bytes_hashed_are_those_the_house_promises() -> None:
    assert genesis(AURORA) == sha256(b"pv1" + bytes(15) + b"\x01").digest()
    assert link(b"p" * 32, 258, "è") == sha256(b"p" * 32 + b"\0\0\0\0\0\0\x01\x02" + b"\xc3\xa8").digest()


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_chain_as_written_has_no_fault(length: int) -> None:
    rows = chain(length)
    head = Head(length, rows[-1].hash if rows else START.hash)
    assert faults(rows, head) == []


def test_checking_may_begin_in_the_middle() -> None:
    rows = chain(4)
    assert list(verify_rows(rows[2:], after=Head(2, rows[1].hash))) == []


def _flipped(data: bytes, bit: int) -> bytes:
    at, mask = divmod(bit % (len(data) * 8), 8)
    return data[:at] + bytes([data[at] ^ 1 << mask]) + data[at + 1 :]


@given(st.integers(1, 3), st.sampled_from(["prev", "hash"]), st.integers(0, 255))
def test_one_bit_of_a_link_flipped_is_seen_at_its_row(n: int, name: str, bit: int) -> None:
    rows = chain(3)
    damaged = _flipped(getattr(rows[n - 1], name), bit)
    rows[n - 1] = msgspec.structs.replace(rows[n - 1], **{name: damaged})
    assert faults(rows)[0][0] == n


@given(st.integers(1, 3), st.integers(0, 10_000))
def test_one_bit_of_a_body_flipped_is_seen_at_its_row(n: int, bit: int) -> None:
    rows = chain(3)
    body = _flipped(rows[n - 1].body.encode(), bit).decode("latin-1")
    rows[n - 1] = msgspec.structs.replace(rows[n - 1], body=body)
    assert faults(rows)[0][0] == n


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "message.read"},
        {"at": NOON},
        {"lob_id": None},
        {"from_state": ""},
        {"unsaid": 1},
        {"kind": 1.5},
    ],
    ids=str,
)
def test_a_typed_column_that_differs_from_the_body_is_named(changed: Mapping[str, object]) -> None:
    rows = chain(3)
    rows[1] = msgspec.structs.replace(rows[1], columns={**rows[1].columns, **changed})
    assert faults(rows) == [(2, f"column {next(iter(changed))} is not what the body says")]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"b":1,"a":2}', '{"a": 1}', '{"a":1.0}', '{"a":1,"a":1}', "[" * 5000]
)
def test_a_body_that_is_not_canonical_is_a_fault_even_when_its_hash_fits(body: str) -> None:
    row = Row(1, START.hash, link(START.hash, 1, body), body, {})
    assert faults([row]) == [(1, "body is not canonical")]


def test_a_row_taken_out_of_the_middle_is_seen_at_the_next() -> None:
    rows = chain(3)
    assert {n for n, _ in faults([rows[0], rows[2]])} == {3}


def test_rows_cut_off_the_end_are_seen_against_the_head() -> None:
    rows = chain(3)
    assert faults(rows[:2], Head(3, rows[2].hash)) == [(2, "the head says 3 and does not match the last row")]


def test_a_chain_of_another_brand_does_not_fit() -> None:
    assert next(verify_rows(chain(1), after=Head(0, genesis(UUID(int=2))))).n == 1
