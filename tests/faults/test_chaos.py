"""A short run of `make chaos`: a few of every day's faults under load, and nothing is lost, doubled or left behind."""

from __future__ import annotations

from tests.depth import scaled
from tests.faults.chaos.running import run
from tests.faults.site import Site

FAULTS = scaled(6, deep=200)
SEED = 4


async def test_a_house_at_work_survives_a_seeded_plan_of_faults(site: Site) -> None:
    outcome = await run(site, FAULTS, SEED)
    assert outcome.breaches == [], f"seed {SEED}"
    assert outcome.injected.total() == FAULTS
    assert outcome.done["mails taken"] > 0
