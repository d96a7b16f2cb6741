"""The format that docs/interval-feed.md promises: read back it is what was written, and no cell runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from portavoce.core.paths import frontend_dir
from portavoce.reporting.counts import Counts
from portavoce.reporting.facts import Anchor
from portavoce.reporting.feed_format import (
    COLUMNS,
    FeedHead,
    FeedRow,
    as_csv,
    as_json_lines,
    digest_of,
    head_of,
    read_json_lines,
    rows_of,
)
from portavoce.reporting.intervals import Interval, Measured

START = datetime(2026, 3, 2, 11, 45, tzinfo=UTC)
ANCHOR = Anchor(42, b"\x0a", START + timedelta(days=1))
DOCS = frontend_dir().parent / "docs" / "interval-feed.md"
FIRST = Interval(
    START, Measured(UUID(int=7), "email", "contact", UUID(int=0)), Counts(units=3, ended=2, used_s=61)
)
CLAUSE = Interval(
    START,
    Measured(UUID(int=7), "email", "first_response", UUID(int=9)),
    Counts(units=2, met=1, late=1, overdue=0),
)
END = START + timedelta(hours=12)


def written(name: str = "Assistenza") -> tuple[FeedHead, list[FeedRow]]:
    head = head_of("aurora", "Europe/Rome", date(2026, 3, 2), 15, intervals=96, restatement=2, anchor=ANCHOR)
    return head, rows_of([FIRST, CLAUSE], 15, {UUID(int=7): name}, END, ANCHOR.n)


def test_json_lines_read_back_are_what_was_written() -> None:
    head, rows = written()
    assert read_json_lines(as_json_lines(head, rows)) == (head, rows)


def test_every_row_names_its_interval_in_utc_and_the_fact_it_is_told_up_to() -> None:
    first, clause = csv.DictReader(io.StringIO(as_csv(written()[1]).decode()))
    assert (first["starts_at"], first["ends_at"]) == ("2026-03-02T11:45:00Z", "2026-03-02T12:00:00Z")
    assert (first["units"], first["used_s"], first["n"], first["clause_id"]) == ("3", "61", "42", "")
    assert clause["clause_id"] == str(UUID(int=9))
    assert all(re.fullmatch(r"\d+", first[name]) for name in Counts.__struct_fields__)


@pytest.mark.parametrize("name", ["=1+1", "@x", "+1", "-1", "\tx"])
def test_a_lines_name_runs_nowhere(name: str) -> None:
    [row, _] = csv.DictReader(io.StringIO(as_csv(written(name)[1]).decode()))
    assert row["line"] == f"'{name}"


def test_the_last_interval_ends_with_its_day() -> None:
    [row] = rows_of([FIRST], 30, {}, START + timedelta(minutes=15), 1)
    assert row.ends_at - row.starts_at == timedelta(minutes=15)


def test_the_digest_is_of_what_was_counted_and_of_nothing_else() -> None:
    assert digest_of([FIRST, CLAUSE]) == digest_of([FIRST, CLAUSE])
    assert digest_of([FIRST]) != digest_of([CLAUSE])


def test_another_format_is_refused() -> None:
    head, rows = written()
    content = as_json_lines(head, rows).replace(b'"version":1', b'"version":2')
    with pytest.raises(ValueError, match="portavoce-intervals"):
        read_json_lines(content)


def test_the_page_about_the_format_names_every_field() -> None:
    told = DOCS.read_text()
    for name in (*COLUMNS, *FeedHead.__struct_fields__):
        assert f"`{name}`" in told, name
