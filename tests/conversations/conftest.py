from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from portavoce.core.config import Settings
from portavoce.core.db import APP, Database
from portavoce.wiring import LAST_WRITERS, reactions, thread_keys


@pytest.fixture
def house_database(make_database: Callable[..., Database], tmp_path: Path) -> Database:
    """With every reaction and the ledger, as a process has it."""
    keys = thread_keys(Settings(home=tmp_path))
    return make_database(reactions=reactions(keys), last_writers=LAST_WRITERS)


@contextmanager
def counted(database: Database, role: str = APP) -> Iterator[list[str]]:
    """The statements that reach PostgreSQL, without those that set the scope."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = database.engine(role).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
