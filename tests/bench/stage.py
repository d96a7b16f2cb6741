"""What every benchmark stands on: a durable PostgreSQL of its own, and worlds at work in fresh databases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.kit.clock import SystemClock
from portavoce.wiring import LAST_WRITERS, reactions, thread_keys
from tests.bench.inbound import mails_in
from tests.cluster import SessionCluster
from tests.database import Installation, installed
from tests.world import World, build_world

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    cluster: SessionCluster
    folder: Path

    @property
    def postmaster(self) -> int:
        return self.cluster.cluster.pid

    def installation(self) -> Installation:
        return installed(self.cluster.fresh_database(f"bench_{next(_numbers)}"))

    def floor_dsn(self) -> str:
        return self.cluster.fresh_database(f"bench_floor_{next(_numbers)}")

    async def town(self, installation: Installation, *, waiting: int = 0) -> Town:
        """Aurora and Bosco with so many contacts waiting in both together."""
        home = self.folder / installation.name / str(next(_numbers))
        settings = Settings(home=home)
        keys = thread_keys(settings)
        database = Database(
            installation.urls, SystemClock(), reactions=reactions(keys), last_writers=LAST_WRITERS
        )
        world = await build_world(database, settings.files_dir, keys)
        await mails_in(world, [world.aurora, world.bosco], waiting)()
        # As the server's own housekeeping does within a minute.
        with psycopg.connect(installation.superuser_dsn, autocommit=True) as server:
            server.execute("ANALYZE")
        return Town(installation, settings, world)


@dataclass(frozen=True, slots=True)
class Town:
    installation: Installation
    settings: Settings
    world: World

    @property
    def brands(self) -> list[object]:
        return [self.world.aurora.id, self.world.bosco.id]
