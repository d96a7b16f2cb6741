"""`docs/faults.md` names tests that exist, each fault with what must hold."""

from __future__ import annotations

from portavoce.core.paths import CHECKOUT
from tests.isolation.test_page import NAMED, missing

PAGE = (CHECKOUT / "docs" / "faults.md").read_text()


def test_every_test_named_on_the_page_exists() -> None:
    assert missing(PAGE) == set()


def test_every_fault_has_its_promise_and_its_test() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| FT-")]
    assert len(rows) > 20
    assert all(len(row) == 4 and row[1].strip() and NAMED.search(row[2]) and row[3].strip() for row in rows)
