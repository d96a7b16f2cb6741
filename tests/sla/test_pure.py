"""Anybody can feed these files their own events: they know no database, no clock and no float."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import house

SLA = house.PACKAGE / "sla"
PURE = sorted(
    [
        *(SLA / "measures").glob("*.py"),
        *(SLA / f"{name}.py" for name in ("goals", "schemes", "forecast", "presets")),
    ]
)
ALLOWED = {
    "__future__", "bisect", "collections", "datetime", "decimal", "enum", "fractions", "itertools", "math",
    "msgspec", "uuid", "zoneinfo",
}  # fmt: skip
OURS = ("portavoce.sla.measures.", "portavoce.sla.goals.", "portavoce.sla.schemes.", "portavoce.sla.metrics.")
INEXACT = {"float", "round", "total_seconds", "now", "utcnow", "today"}


def impurities(module: ast.Module) -> Iterator[str]:
    for each in house.imported(module):
        if each.split(".")[0] not in ALLOWED and not each.startswith(OURS):
            yield each
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield repr(node.value)
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in INEXACT:
                yield name


def test_the_calculators_know_values_only() -> None:
    assert len(PURE) > 20
    assert not {path.name: found for path in PURE if (found := list(impurities(house.tree(path))))}


@pytest.mark.parametrize(
    "source",
    [
        "import sqlalchemy",
        "from portavoce.core.unit import now",
        "from portavoce.sla.promises import promise",
        "x = 0.5",
        "x = float(1)",
        "x = round(y, 2)",
        "x = span.total_seconds()",
        "x = datetime.now(UTC)",
    ],
)
def test_a_calculator_that_knew_more_would_be_seen(source: str) -> None:
    assert list(impurities(ast.parse(source)))
