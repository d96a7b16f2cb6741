"""G1, G2, G3 and G9: our pages and our inbound mail beside the floor's, walls on and off, all in turn."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench import floor
from tests.bench.inbound import bare_inserts, mails_in
from tests.bench.measuring import Cost, Round, in_turn
from tests.bench.queue_page import HOST, annas_pages, long_conversation, pages
from tests.bench.results import Results
from tests.bench.stage import Stage, Town
from tests.bench.without_walls import tear_down_walls

WAITING = floor.ROWS - 1
"""The long conversation is one more."""
HTMX = {"hx-request": "true"}


async def measure(stage: Stage, results: Results, wanted: Callable[[str], bool]) -> None:
    rounds: dict[str, Round] = {}
    walled = stage.installation()
    await _ours(stage, rounds, "", await stage.town(walled, waiting=WAITING), await stage.town(walled))
    if wanted("G9"):
        unwalled = stage.installation()
        tear_down_walls(unwalled.superuser_dsn)
        town, busy = await stage.town(unwalled, waiting=WAITING), await stage.town(unwalled)
        await _ours(stage, rounds, ", no walls", town, busy)
    bare = stage.floor_dsn()
    brands: list[object] = ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"]
    await floor.prepare(bare, brands, floor.ROWS)
    rounds["mail, floor"] = bare_inserts(bare)
    async with floor.queue_app(bare, brands) as app:
        rounds["queue page, floor"] = pages(app, "/queue", HOST)
        costs = await in_turn(rounds, postmaster=stage.postmaster)
    _judge(costs, results)


async def _ours(stage: Stage, rounds: dict[str, Round], walls: str, town: Town, busy: Town) -> None:
    """Mails go to a town of their own, so that no list grows while it is measured."""
    rounds[f"mail{walls}"] = mails_in(busy.world, [busy.world.aurora, busy.world.bosco])
    rounds[f"queue page{walls}"] = await annas_pages(town)
    rounds[f"conversation{walls}"] = await annas_pages(town, await long_conversation(town), **HTMX)


def _judge(costs: dict[str, Cost], results: Results) -> None:
    page, mail = costs["queue page, floor"], costs["mail, floor"]
    ours = costs["mail"]
    results.find("G1", "queue page ÷ floor, CPU", costs["queue page"].cpu / page.cpu, at_most=8)
    results.find(
        "G2",
        "conversation of 20 messages ÷ the floor's list, CPU",
        costs["conversation"].cpu / page.cpu,
        at_most=9,
    )
    results.find("G3", "durable mails a second ÷ floor, CPU", mail.cpu / ours.cpu, at_least=0.33)
    results.find("G3", "the same, wall time with 8 at once", ours.rate / mail.rate)
    if "queue page, no walls" in costs:
        for what in ("queue page", "conversation", "mail"):
            ratio = costs[what].cpu / costs[f"{what}, no walls"].cpu
            results.find("G9", f"{what}, walls on ÷ off, CPU", ratio, at_most=1.1)
    for name, cost in costs.items():
        results.figure(name, f"{cost.cpu * 1000:.1f} ms CPU, {cost.rate:.0f}/s")
