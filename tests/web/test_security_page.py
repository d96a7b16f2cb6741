"""`docs/security.md` names tests that exist, and every number of the abuse tests it answers for."""

from __future__ import annotations

import ast
import re

from portavoce.core.paths import CHECKOUT

PAGE = (CHECKOUT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROW = re.compile(r"^\| (SEC-\d\d) \|", re.MULTILINE)
ANSWERED = [
    "05",
    "06",
    "10",
    "20",
    "21",
    "22",
    "23",
    "24",
    "26",
    "27",
    "29",
    "30",
    "31",
    "32",
    "41",
    "42",
    "43",
    "45",
    "46",
    "47",
    "56",
    "57",
    "58",
    "59",
    "62",
    "67",
    "68",
    "71",
    "72",
]


def missing(page: str) -> list[str]:
    """Tests the page names that are not there."""
    wanted = NAMED.findall(page)
    known = {
        (path, node.name)
        for path in {path for path, _ in wanted}
        if (CHECKOUT / path).is_file()
        for node in ast.walk(ast.parse((CHECKOUT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return [f"{path}::{name}" for path, name in wanted if (path, name) not in known]


def test_every_test_named_there_exists() -> None:
    assert missing(PAGE) == []
    assert len(NAMED.findall(PAGE)) > 2 * len(ANSWERED)


def test_every_attack_it_answers_for_has_a_row_with_a_test_and_a_sabotage() -> None:
    assert ROW.findall(PAGE) == [f"SEC-{number}" for number in ANSWERED]
    for line in PAGE.splitlines():
        if ROW.match(line):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            assert len(cells) == 5, line
            assert NAMED.search(cells[3]), line
            assert len(cells[4].strip("| ")) > 20, line


def test_every_test_of_the_guards_page_exists() -> None:
    page = (CHECKOUT / "docs" / "guard.md").read_text()
    assert missing(page) == []
    assert len(NAMED.findall(page)) > 6


def test_a_test_that_is_gone_would_be_seen() -> None:
    assert missing("`tests/web/test_security_page.py::test_nowhere` `tests/nowhere.py::test_x`") == [
        "tests/web/test_security_page.py::test_nowhere",
        "tests/nowhere.py::test_x",
    ]
