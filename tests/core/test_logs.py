"""A line is a closed list of fields in one shape; what an error or a library might quote stays out."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from portavoce.core.logs import FIELDS, FIRST, about, configure_logs, learn
from tests.architecture import house

SECRET = "gina@customer.example"
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
GIVEN_BY_THE_PROCESSORS = {"exc_info"}


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_begins_with_time_level_event_and_process_and_carries_what_it_is_about(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("engine", "info", as_json=True)
    with about(brand="b", request="r"):
        structlog.get_logger().info("something happened", reason="x")
    [line] = lines(capsys)
    assert tuple(line)[:4] == FIRST
    assert {**line, "time": ""} == {
        "time": "", "level": "info", "event": "something happened", "process": "engine",
        "brand": "b", "request": "r", "reason": "x",
    }  # fmt: skip


def test_a_field_that_is_not_listed_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("engine", as_json=True)
    structlog.get_logger().warning("something happened", body=SECRET, subject=SECRET)
    assert SECRET not in json.dumps(lines(capsys))


def test_of_an_error_its_types_its_code_and_its_place_are_told_and_never_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Original(Exception):
        sqlstate = "23505"

    configure_logs("engine", as_json=True)
    try:
        try:
            raise Original(f"Key (value)=({SECRET}) already exists")
        except Original as error:
            raise IntegrityError("INSERT", {"value": SECRET}, error) from error
    except IntegrityError:
        structlog.get_logger().exception("a mail could not be taken")
    [line] = lines(capsys)
    assert (line["error"], line["sqlstate"]) == ("IntegrityError < Original", "23505")
    assert "test_logs.py" in line["trace"][-1]
    assert SECRET not in json.dumps(line)


def test_of_a_librarys_words_only_the_constant_beginning_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("worker", as_json=True)
    logging.getLogger("lib").error("sending to %s failed", SECRET)
    logging.getLogger("lib").error(f"sending failed: {SECRET}")
    logging.getLogger("lib").error("Task exception was never retrieved\nfuture: <Task %s>", SECRET)
    found = lines(capsys)
    assert [line["event"] for line in found][1:] == ["sending failed", "Task exception was never retrieved"]
    assert SECRET not in json.dumps(found)


def test_below_the_level_nothing_is_said_and_a_terminal_gets_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("serve", "warning", as_json=False)
    structlog.get_logger().info("quiet")
    with about(brand="b"):
        structlog.get_logger().warning("loud", reason="x")
    said = capsys.readouterr().err
    assert "quiet" not in said
    assert "loud" in said
    assert "brand=b" in said
    assert not said.startswith("{")


async def test_what_is_learnt_in_a_task_is_known_to_whoever_awaits_it_and_to_nobody_beside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("serve", as_json=True)

    async def request(brand: str) -> None:
        async def dependency() -> None:
            learn(brand=brand)

        with about(request=brand):
            await asyncio.gather(dependency())
            await asyncio.sleep(0)
            structlog.get_logger().warning("served")

    await asyncio.gather(request("a"), request("b"))
    structlog.get_logger().warning("later")
    assert [line.get("brand") for line in lines(capsys)] == ["a", "b", None]


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in house.python():
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                target = ast.unparse(node.func.value)
                if target in ("LOG", "LOGGER", "log", "logging") and node.func.attr in METHODS:
                    yield house.name(path), node


def test_every_call_in_the_code_says_a_constant_and_listed_fields() -> None:
    found = list(calls())
    assert len(found) > 15
    for place, call in found:
        assert ast.unparse(call.func).startswith("LOG."), place
        assert len(call.args) == 1, place
        assert isinstance(call.args[0], ast.Constant), place
        assert {word.arg for word in call.keywords} <= FIELDS | GIVEN_BY_THE_PROCESSORS, place


def test_no_other_logger_of_our_own_is_made() -> None:
    made = {house.name(path) for path in house.python() if "logging.getLogger(__name__)" in path.read_text()}
    assert made == set()


@pytest.mark.parametrize("as_json", [True, False])
def test_what_came_from_outside_stays_on_its_line(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    configure_logs("serve", as_json=as_json)
    structlog.get_logger().warning("agent", reason="Mozilla\r\nERROR forged line\x1b[2J\x9b31m\u2028end")
    [line] = capsys.readouterr().err.splitlines()
    assert not {"\x1b", "\x9b", "\r", "\u2028"} & set(line)
