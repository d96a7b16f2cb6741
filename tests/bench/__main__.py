"""`make bench`: what our walls and books cost, as ratios to the smallest possible handler in the same run.

`python -m tests.bench` measures everything and writes docs/performance.md; with goals behind it (`G1 G3`) it measures
those and writes nothing.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import traceback
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portavoce.core.config import Settings
from portavoce.core.logs import configure_logs
from tests.bench import growth, live, many_brands, month_report, ratios, searching
from tests.bench.results import Results
from tests.bench.seeding import SEEDS
from tests.bench.stage import Stage
from tests.bench.writing import PAGE, write_page
from tests.cluster import session_cluster

RATIOS = ("G1", "G2", "G3", "G9")
GOALS = ("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G11", "growth")


async def measure(stage: Stage, goals: frozenset[str]) -> Results:
    results = Results()
    parts: list[tuple[str, Awaitable[None]]] = []
    if goals.intersection(RATIOS):
        parts.append(("G1, G2, G3, G9", ratios.measure(stage, results, goals.__contains__)))
    if "G5" in goals:
        parts.append(("G5", searching.measure(stage, results)))
    if "G7" in goals:
        parts.append(("G7", many_brands.measure(stage, results)))
    if "G11" in goals:
        parts.append(("G11", month_report.measure(stage, results)))
    if goals.intersection({"G4", "G8"}):
        parts.append(("G4, G8", live.measure(stage, results, goals.__contains__)))
    if goals.intersection({"G6", "growth"}):
        axes = tuple(SEEDS) if "growth" in goals else ("brands",)
        parts.append(("G6, growth", growth.measure(stage, results, axes)))
    for names, part in parts:
        await _attempt(names, part, results)
    return results


async def _attempt(goals: str, part: Awaitable[None], results: Results) -> None:
    """One part that breaks costs its own goals only, and says so on the page."""
    try:
        await part
    except Exception as error:  # whatever it is, the other goals are still worth measuring
        traceback.print_exc()
        results.figure(goals, f"not measured: {type(error).__name__}")


def show(results: Results) -> Table:
    table = Table("Goal", "What", "Measured", "Wanted", "", title="Ratios of one run")
    for each in results.findings:
        table.add_row(each.goal, each.what, f"{each.value:.2f}", each.wanted, each.verdict)
    for curve in results.curves:
        costs = " / ".join(f"{cost:.1f}" for cost in curve.costs)
        table.add_row(
            "", f"{curve.what}, {curve.axis} × 1, 10, 100", costs, "", f"exponent {curve.exponent:.2f}"
        )
    for what, measured in results.figures:
        table.add_row("", what, measured, "")
    return table


def main(chosen: list[str]) -> None:
    if unknown := set(chosen) - set(GOALS):
        raise SystemExit(f"no goal {', '.join(sorted(unknown))}: choose among {', '.join(GOALS)}")
    configure_logs("bench", Settings().log_level)
    with session_cluster(durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        results = asyncio.run(measure(Stage(cluster, Path(folder)), frozenset(chosen or GOALS)))
    Console().print(show(results))
    if not chosen:
        write_page(results)
        Console().print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
