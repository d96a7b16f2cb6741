"""G11: the month that a client looks at, as its contacts become ten and a hundred times as many."""

from __future__ import annotations

import time
from decimal import Decimal

import psycopg
from litestar import Litestar
from sqlalchemy import select

from portavoce.app import create_app
from portavoce.calendars.models import Calendar
from portavoce.contracts.models import Clause, ContractVersion
from portavoce.core.db import REPORT
from portavoce.core.scope import HOUSE
from portavoce.core.unit import new_id
from portavoce.identity.granting import grant
from portavoce.identity.people import add_person
from portavoce.reporting.months import month_of
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.reconciling import report_faults
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_bp_of, share_goal, write_rule
from tests.bench import floor
from tests.bench.measuring import in_turn
from tests.bench.queue_page import HOST, pages, signed_in_cookie
from tests.bench.results import Curve, Results
from tests.bench.stage import Stage, Town
from tests.bench.telling import tell_month

CONTACTS = (200, 2_000, 20_000)
ZONE = "Europe/Rome"
PROMISED = (
    (Metric.FIRST_RESPONSE, 2, 28_800, Goal(Statistic.PERCENTILE, Direction.AT_MOST, Decimal(28_800), 9_500)),
    (Metric.RESOLUTION, 1, 86_400, share_goal(9_000)),
)
"""Beside the share of first responses that a brand is born with: metric, ordinal, seconds, goal."""


async def measure(stage: Stage, results: Results) -> None:
    bare = stage.floor_dsn()
    brands: list[object] = ["00000000-0000-0000-0000-000000000001"]
    await floor.prepare(bare, brands, floor.ROWS)
    town = await stage.town(stage.installation())
    await _promise(town)
    there, paces, costs = 0, [], []
    async with floor.queue_app(bare, brands) as app:
        for contacts in CONTACTS:
            paces.append(await _fill(town, there, contacts))
            there = contacts
            rounds = {"ours": pages(*await _carlas_month(town)), "floor": pages(app, "/queue", HOST)}
            found = await in_turn(rounds, postmaster=stage.postmaster, repeats=2)
            costs.append((found["ours"].cpu, found["ours"].cpu / found["floor"].cpu))
    cpu, ratios = zip(*costs, strict=True)
    for times, at_most, now in ((10, 1.3, 1), (100, 1.6, 2)):
        results.find(
            "G11", f"month page ÷ floor's at {times} × contacts", ratios[now] / ratios[0], at_most=at_most
        )
    results.curves.append(Curve("contacts of the month", "month page ÷ floor, CPU", CONTACTS, ratios))
    spent = " / ".join(f"{each * 1000:.0f}" for each in cpu)
    sizes = " / ".join(f"{each:,}" for each in CONTACTS)
    results.figure(f"month page of {sizes} contacts, the last wanted in 100 ms", f"{spent} ms CPU")
    results.figure(
        "facts that reports read",
        f"{paces[0]:.0f}/s at {CONTACTS[0]} contacts, {paces[-1]:.0f}/s at {CONTACTS[-1]:,}",
    )


async def _promise(town: Town) -> None:
    """As if the brand had been there since long before this month."""
    with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("UPDATE pv.contract_version SET valid_from = valid_from - interval '1 year'")
        superuser.execute(
            "UPDATE pv.calendar_version SET valid_from = valid_from - interval '1 year', published_at = published_at - interval '1 year'"
        )
    async with town.world.database.begin(town.world.aurora.writing) as db:
        version = (await db.scalars(select(ContractVersion.id))).one()
        calendar = (await db.scalars(select(Calendar.id))).one()
        for metric, ordinal, seconds, goal in PROMISED:
            rule = Rule(goal=goal)
            db.add(
                Clause(
                    id=new_id(db), contract_version_id=version, lob_id=town.world.aurora.lob_id, channel="email",
                    metric=metric, ordinal=ordinal, target_s=seconds, share_bp=share_bp_of(rule),
                    calendar_id=calendar, reopen_window_s=86_400, rule=write_rule(rule),
                )
            )  # fmt: skip


async def _fill(town: Town, since: int, until: int) -> float:
    """Facts a second that the reports read; what they make of the first ones is computed again to be sure."""
    world = town.world
    await tell_month(world.database, world.aurora, world.anna, since, until, ZONE)
    began = time.perf_counter()
    read = await catch_up(world.database, world.aurora.id)
    pace = read / (time.perf_counter() - began)
    if not since:
        async with world.database.begin(world.aurora.reading, role=REPORT) as db:
            assert not await report_faults(db)
    with psycopg.connect(town.installation.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("VACUUM ANALYZE")
    return pace


async def _carlas_month(town: Town) -> tuple[Litestar, str, dict[str, str]]:
    """The present month as the client's viewer, who is signed in, asks for it."""
    world = town.world
    app = create_app(town.settings, world.database)
    async with world.database.begin(HOUSE) as db:
        carla = await add_person(
            db,
            name="Carla Neri",
            email=f"{new_id(db).hex}@aurora.example",
            locale="it",
            client_id=world.client,
            by=None,
        )
        await grant(db, carla.id, "client_viewer", brand_id=world.aurora.id)
    cookie = await signed_in_cookie(world.database, app, carla.id)
    path = f"/portal/{world.aurora.slug}/{month_of(world.database.clock.now(), ZONE)}"
    return app, path, {**HOST, "cookie": cookie}
