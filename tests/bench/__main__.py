"""`make bench`: what our walls and books cost, as ratios to the smallest possible handler in the same run."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from litestar import Litestar
from rich.console import Console
from rich.table import Table

from portavoce.app import create_app
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.kit.clock import SystemClock
from portavoce.wiring import LAST_WRITERS, reactions
from tests.bench import floor
from tests.bench.inbound import bare_inserts, mails_in
from tests.bench.measuring import Cost, Round, in_turn
from tests.bench.queue_page import pages, signed_in_cookie
from tests.bench.without_walls import tear_down_walls
from tests.cluster import SessionCluster, session_cluster
from tests.database import Installation, installed
from tests.world import KEYS, World, build_world

HOST = {"host": "127.0.0.1"}


async def measure(cluster: SessionCluster, folder: Path) -> dict[str, Cost]:
    walled = installed(cluster.fresh_database("bench_walled"))
    open_ = installed(cluster.fresh_database("bench_open"))
    tear_down_walls(open_.superuser_dsn)
    bare = cluster.fresh_database("bench_floor")
    rounds: dict[str, Round] = {}
    for name, installation in (("walls", walled), ("no walls", open_)):
        busy = await _world(installation, folder / name, waiting=0)
        rounds[f"mail, {name}"] = mails_in(busy, [busy.aurora, busy.bosco])
        world = await _world(installation, folder / name, waiting=floor.ROWS)
        app, headers = await _signed_in(world, folder / name)
        rounds[f"queue page, {name}"] = pages(app, "/desk", headers)
    brands: list[object] = [world.aurora.id, world.bosco.id]
    await floor.prepare(bare, brands, floor.ROWS)
    rounds["mail, floor"] = bare_inserts(bare)
    async with floor.queue_app(bare, brands) as bare_app:
        rounds["queue page, floor"] = pages(bare_app, "/queue", HOST)
        return await in_turn(rounds, postmaster=cluster.cluster.pid)


async def _world(installation: Installation, folder: Path, *, waiting: int) -> World:
    database = Database(
        installation.urls, SystemClock(), reactions=reactions(KEYS), last_writers=LAST_WRITERS
    )
    world = await build_world(database, folder / "files")
    await mails_in(world, [world.aurora, world.bosco], waiting)()
    return world


async def _signed_in(world: World, folder: Path) -> tuple[Litestar, dict[str, str]]:
    app = create_app(Settings(home=folder), world.database)
    return app, {**HOST, "cookie": await signed_in_cookie(world.database, app, world.anna.person_id)}


def show(costs: dict[str, Cost]) -> Table:
    table = Table(
        "Goal", "What", "Ratio", "Wanted", title="Ratios of one run, CPU of the app and of PostgreSQL"
    )
    cpu = {name: cost.cpu for name, cost in costs.items()}
    rate = {name: cost.rate for name, cost in costs.items()}
    rows = (
        ("G1", "queue page ÷ floor, CPU", cpu["queue page, walls"] / cpu["queue page, floor"], "≤ 8"),
        ("G3", "durable mails a second ÷ floor", rate["mail, walls"] / rate["mail, floor"], "≥ 0.33"),
        (
            "G9",
            "queue page, walls on ÷ off, CPU",
            cpu["queue page, walls"] / cpu["queue page, no walls"],
            "≤ 1.10",
        ),
        ("G9", "mail, walls on ÷ off, CPU", cpu["mail, walls"] / cpu["mail, no walls"], "≤ 1.10"),
    )
    for goal, what, ratio, wanted in rows:
        table.add_row(goal, what, f"{ratio:.2f}", wanted)
    for name, cost in costs.items():
        table.add_row("", name, f"{cost.cpu * 1000:.1f} ms CPU, {cost.rate:.0f}/s", "")
    return table


def main() -> None:
    with session_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        Console().print(show(asyncio.run(measure(cluster, Path(folder)))))


if __name__ == "__main__":
    main()
