"""Small facts of the rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from portavoce.conversations.thread_rows import Head

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def head(due_at: datetime | None) -> Head:
    some = UUID(int=1)
    return Head(
        some, some, some, some, some, 1, "Pacco", "email", "waiting", "Assistenza", "it", "Gina", "it", NOON, NOON,
        due_at, None, None, None, None,
    )  # fmt: skip


def test_what_was_promised_runs_from_opening_to_due() -> None:
    assert head(NOON + timedelta(hours=4)).promised == timedelta(hours=4)


def test_nothing_due_is_nothing_promised() -> None:
    assert head(None).promised == timedelta(0)
