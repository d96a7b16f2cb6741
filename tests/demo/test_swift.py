"""Faster, and otherwise the same."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.core.storage import Storage
from portavoce.core.trusted import trusted_sql
from portavoce.demo.swift import SwiftStorage, hurry
from portavoce.kit.clock import SteppedClock
from tests.database import NOON, Installation

AURORA = UUID(int=1)
COMMIT = trusted_sql("tests.synchronous_commit", "SELECT current_setting('synchronous_commit'), current_user")


def test_files_lie_under_the_same_keys(tmp_path: Path) -> None:
    swift, durable = SwiftStorage(tmp_path / "a"), Storage(tmp_path / "b")
    key = swift.save(AURORA, b"a mail")
    assert key == durable.save(AURORA, b"a mail")
    assert (tmp_path / "a" / key).read_bytes() == b"a mail"


async def test_only_the_wait_for_the_disk_is_left_out(installation: Installation) -> None:
    database = hurry(Database(installation.urls, SteppedClock(NOON)))
    async with database.begin(HOUSE) as db:
        assert tuple((await db.execute(COMMIT)).one()) == ("off", "portavoce_app")
    await database.close()
