"""SEC-67: what goes to the log is one line, quotes no customer and speaks to no terminal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from portavoce.core.db import Database
from portavoce.core.logs import configure_logs, harmless
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id
from portavoce.identity.models import Person

CANARY = "canary-4711"
HOSTILE = "Mozilla\r\nERROR forged line\x1b[2J\x9b31m\u2028end"


@pytest.fixture
def logs() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=handlers, level=level, force=True)


async def write_nonsense(database: Database) -> None:
    values = {"email": CANARY, "name": CANARY, "locale": "it", "created_at": None}
    async with database.begin(HOUSE) as db:
        await db.execute(insert(Person).values(id=new_id(db), **values))


async def failure(database: Database) -> DBAPIError:
    """PostgreSQL refuses a row: the column that must not be null is. Row security keeps it from quoting the rest."""
    with pytest.raises(DBAPIError) as refused:
        await write_nonsense(database)
    return refused.value


@pytest.mark.parametrize("as_json", [True, False])
async def test_an_error_of_the_database_is_told_without_the_row(
    database: Database, logs: None, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    error = await failure(database)
    configure_logs(as_json=as_json)
    logging.getLogger("portavoce.web").error("unhandled", exc_info=error)
    structlog.get_logger().error("unhandled", exc_info=error)
    told = capsys.readouterr().err
    assert told.count("null value in column") >= 2
    assert CANARY not in told


async def test_an_error_says_which_statement_but_not_with_what(database: Database) -> None:
    error = await failure(database)
    assert "INSERT INTO pv.person" in str(error)
    assert "parameters hidden" in str(error)


@pytest.mark.parametrize("as_json", [True, False])
def test_what_came_from_outside_stays_on_its_line(
    logs: None, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    configure_logs(as_json=as_json)
    logging.getLogger("portavoce.web").warning("agent %s", HOSTILE)
    structlog.get_logger().warning("agent", agent=HOSTILE)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert not [line for line in lines if line.startswith("ERROR")]
    assert not {"\x1b", "\x9b", "\r", "\u2028"} & set("".join(lines))
    if as_json:
        assert [json.loads(line)["level"] for line in lines] == ["warning", "warning"]


def test_a_traceback_keeps_its_lines() -> None:
    event = harmless(None, "", {"event": "a\nb", "exception": "one\ntwo\x1b", "n": 3})
    assert event == {"event": "a\\nb", "exception": "one\ntwo\\x1b", "n": 3}
