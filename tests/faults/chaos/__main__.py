"""`python -m tests.faults.chaos --faults 1000 --seed N`: exits 1 when the auditor found a breach. `make chaos` runs it."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from portavoce.core.embedded import postgres
from portavoce.core.embedded.cluster import Cluster
from portavoce.core.embedded.removal import remove_data
from tests.database import Installation, installed
from tests.faults.chaos.running import Outcome, run
from tests.faults.site import Site, running_site

CONSOLE = Console()


async def main(faults: int, seed: int) -> int:
    parent = Path(tempfile.mkdtemp(prefix="portavoce-chaos-"))
    parent.chmod(0o755)
    homes = [parent / "cluster", parent / "home"]
    for home in homes:
        home.mkdir(mode=0o755)
    CONSOLE.print(f"Chaos with seed {seed}: {faults} faults. Same seed, same plan.")
    cluster = await asyncio.to_thread(postgres.ensure_running, homes[0], durable=False)
    try:
        own = await asyncio.to_thread(_install, cluster)
        async with running_site(own, homes[1]) as site:
            outcome = await run(
                site, faults, seed, stop_database=lambda: _stop(site, homes[0]), say=CONSOLE.print
            )
    finally:
        await asyncio.to_thread(postgres.stop, cluster)
    _show(outcome)
    if outcome.breaches:
        CONSOLE.print(f"Logs and rows are kept in {parent}")
        return 1
    for home in homes:
        remove_data(home)
    shutil.rmtree(parent, ignore_errors=True)
    return 0


def _install(cluster: Cluster) -> Installation:
    with psycopg.connect(cluster.superuser_dsn, autocommit=True) as server:
        server.execute("CREATE DATABASE portavoce")
    return installed(cluster.dsn("portavoce"))


async def _stop(site: Site, home: Path) -> None:
    """As `pg_ctl stop -m immediate`; it recovers and comes back."""
    pid = int((await asyncio.to_thread(postgres.ensure_running, home, durable=False)).pid)
    os.kill(pid, signal.SIGQUIT)
    await asyncio.sleep(1)
    await asyncio.to_thread(postgres.ensure_running, home, durable=False)
    await site.superuser.close()
    site.superuser = await psycopg.AsyncConnection.connect(site.installation.superuser_dsn, autocommit=True)
    await site.world.database.close()


def _show(outcome: Outcome) -> None:
    table = Table("fault", "times", box=None)
    for name, times in outcome.injected.most_common():
        table.add_row(name, str(times))
    table.add_row("[b]together[/]", f"[b]{outcome.injected.total()}[/]")
    CONSOLE.print(table)
    CONSOLE.print(f"done meanwhile: {dict(outcome.done)}; answers: {dict(sorted(outcome.told.items()))}")
    CONSOLE.print(f"processes ended: {dict(outcome.deaths)}; {outcome.seconds:.0f} s; seed {outcome.seed}")
    CONSOLE.print(
        f"I1 to I8 and I10 to I13 looked at {outcome.audits} times: {len(outcome.breaches)} breaches"
    )
    for breach in outcome.breaches:
        CONSOLE.print(breach, markup=False)


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=__doc__)
    words.add_argument("--faults", type=int, default=1_000)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = words.parse_args()
    sys.exit(asyncio.run(main(given.faults, given.seed)))
