"""`docs/isolation.md` names tests that exist, each promise with its sabotage."""

from __future__ import annotations

import re
from pathlib import Path

from portavoce.core.paths import CHECKOUT

PAGE = CHECKOUT / "docs" / "isolation.md"
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def missing(text: str) -> set[str]:
    tests = CHECKOUT / "tests"
    return {f"{file}::{name}" for file, name in NAMED.findall(text) if not _defined(tests / file, name)}


def _defined(file: Path, name: str) -> bool:
    return (
        file.is_file() and re.search(rf"^(?:async )?def {name}\(", file.read_text(), re.MULTILINE) is not None
    )


def test_every_test_named_on_the_page_exists() -> None:
    assert missing(PAGE.read_text()) == set()


def test_a_test_that_does_not_exist_would_be_seen() -> None:
    assert missing("`isolation/test_page.py::test_of_nothing` `nowhere.py::test_x`") == {
        "isolation/test_page.py::test_of_nothing",
        "nowhere.py::test_x",
    }


def test_every_promise_has_its_guard_and_its_sabotage() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    promises = [row for row in rows if row[0].strip() != "promise"]
    assert len(promises) > 25
    assert all(len(row) == 3 and NAMED.search(row[1]) and row[2].strip() for row in promises)
