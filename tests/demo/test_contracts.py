"""What the clients of the demo were promised, and that all their work was done under it."""

from __future__ import annotations

from decimal import Decimal

from portavoce.core.scope import Scope
from portavoce.demo import cast
from portavoce.demo.contracts import AGREEMENTS
from portavoce.reporting.contract import Version, read_contract
from portavoce.sla.metrics import Metric, measured
from tests.demo.conftest import Simulated


async def contracts(demo: Simulated) -> dict[str, list[Version]]:
    found = {}
    for slug, brand_id in demo.founded.brands.items():
        async with demo.database.begin(Scope.reading({brand_id})) as db:
            found[slug] = await read_contract(db)
    return found


async def test_every_client_has_a_contract_worth_looking_at(demo: Simulated) -> None:
    assert set(AGREEMENTS) == {team.slug for team in cast.TEAMS}
    statistics = set()
    for slug, (_, version) in (await contracts(demo)).items():
        metrics = {clause.metric for clause in version.clauses}
        assert {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION} <= metrics, slug
        assert version.fee_cents > 0
        statistics |= {clause.rule.goal.statistic.value for clause in version.clauses}
        team = cast.team(slug)
        leading = next(
            each for each in version.clauses if (each.metric, each.ordinal) == (Metric.FIRST_RESPONSE, 1)
        )
        assert (leading.threshold_s, leading.rule.goal.target) == (
            team.target * 60,
            Decimal(team.share_bp) / 10_000,
        )
    assert statistics == {"share_within", "mean", "percentile"}
    coffee = (await contracts(demo))["nordcaffe"][1]
    assert not all(measured(clause.metric) for clause in coffee.clauses)
    energy = (await contracts(demo))["lumi"][1]
    assert {Metric.ACCESSIBILITY, Metric.SPEED_OF_ANSWER} <= {clause.metric for clause in energy.clauses}


def test_all_work_was_done_under_the_version_that_was_published_before_it(demo: Simulated) -> None:
    numbers = demo.rows(
        "SELECT DISTINCT v.number FROM pv.interaction i JOIN pv.contract_version v"
        " ON v.brand_id = i.brand_id AND v.id = i.contract_version_id"
    )
    early = demo.rows(
        "SELECT count(*) FROM pv.interaction i JOIN pv.contract_version v"
        " ON v.brand_id = i.brand_id AND v.id = i.contract_version_id WHERE i.opened_at < v.valid_from"
    )
    assert (numbers, early) == ([(2,)], [(0,)])
