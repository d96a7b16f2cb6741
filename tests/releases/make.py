"""`python -m tests.releases.make 0.1.0`: a few days of the demo, dumped as the release leaves them.

Run it once per release, before the next migration is written; a dump is never made again.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from portavoce.demo.simulation import Plan
from tests.cluster import SessionCluster, session_cluster
from tests.database import Installation, installed
from tests.demo.conftest import simulate
from tests.releases import dumps

PLAN = Plan(datetime(2026, 3, 5, 14, tzinfo=UTC), days=4, contacts=60, seed=10)
DATABASE = "release"


def make(cluster: SessionCluster, path: Path, plan: Plan = PLAN) -> None:
    """The mail files stay behind: a restored database has their rows only."""
    installation = installed(cluster.fresh_database(DATABASE))
    with tempfile.TemporaryDirectory() as files:
        asyncio.run(_fill(installation, Path(files), plan))
    dumps.write(cluster, DATABASE, path)


async def _fill(installation: Installation, files: Path, plan: Plan) -> None:
    made = await simulate(installation, files, plan)
    await made.database.close()


def main(version: str) -> None:
    path = dumps.FOLDER / f"{version}.dump"
    if path.exists():
        raise SystemExit(f"{path.name} exists: what a release left is not made again")
    with session_cluster() as cluster:
        make(cluster, path)
    sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])
