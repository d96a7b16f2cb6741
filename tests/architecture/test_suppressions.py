"""Whoever silences a checker says why."""

import re

from tests.architecture import house

SILENCER = re.compile(r"#\s*(noqa|type:\s*ignore)\b.*")
# mypy wants a second `#` before the reason, ruff does not mind.
REASONED = re.compile(r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[a-z, -]+\])\s+(# )?-- \S.*")


def unreasoned(text: str) -> list[str]:
    found = (match for line in text.splitlines() for match in SILENCER.finditer(line))
    return [match[0] for match in found if not REASONED.fullmatch(match[0])]


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    sources = [
        path for path in house.python("src", "tests", "migrations") if path.name != "test_suppressions.py"
    ]
    assert not {house.name(path): found for path in sources if (found := unreasoned(path.read_text()))}


def test_a_suppression_without_rule_or_reason_would_be_seen() -> None:
    bare = [
        "# noqa",
        "# noqa: S101",
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# noqa: S101 --",
        "# noqa -- so",
    ]
    kept = ["# noqa: S603 -- fixed arguments", "# type: ignore[arg-type]  # -- the stub is wrong"]
    assert unreasoned("\n".join(f"x = 1  {each}" for each in bare + kept)) == bare
