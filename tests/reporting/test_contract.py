from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from portavoce.calendars.timeline import ALWAYS
from portavoce.contracts.models import METRICS, Clause
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.sla.clocks.rules import Return, Timed
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, write_rule
from tests.minting import Minted
from tests.reporting.reading import counting, reading

HOUR = timedelta(hours=1)
MEAN = Rule(goal=Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(7200)), returns=Return.NEW_CYCLE)


async def add(database: Database, brand: Minted, metric: Metric, rule: Rule, ordinal: int = 1) -> None:
    """Day and night, within two hours."""
    async with database.begin(brand.writing) as db:
        db.add(
            Clause(
                id=new_id(db), contract_version_id=brand.contract_version_id, lob_id=brand.lob_id, channel="email",
                metric=metric, ordinal=ordinal, target_s=7200, reopen_window_s=0, rule=write_rule(rule),
            )
        )  # fmt: skip


async def test_every_clause_is_read_with_its_rule_and_hours_in_three_queries(
    ledger: Database, aurora: Minted
) -> None:
    await add(ledger, aurora, Metric.RESOLUTION, MEAN)
    await add(ledger, aurora, Metric.FIRST_RESPONSE, MEAN, ordinal=2)
    with counting(ledger) as seen:
        async with reading(ledger, aurora) as db:
            (version,) = await read_contract(db)
    assert len(seen) == 3
    first, second, resolution = version.clauses
    assert (first.threshold_s, first.rule.goal.target, first.calendar_name) == (
        14_400,
        Decimal("0.9"),
        "Ufficio",
    )
    assert [each.zone for each in first.calendar] == ["Europe/Rome"]
    assert (second.ordinal, second.rule, second.calendar, second.calendar_name) == (2, MEAN, ALWAYS, None)
    assert (resolution.metric, resolution.version) == (Metric.RESOLUTION, 1)
    (terms,) = terms_of([version])
    assert [each.timed for each in terms.clocks] == [
        Timed.FIRST_RESPONSE,
        Timed.FIRST_RESPONSE,
        Timed.RESOLUTION,
    ]
    assert terms.clocks[2].returns is Return.NEW_CYCLE


def test_a_clause_may_be_of_every_metric_and_of_no_other() -> None:
    assert set(METRICS) == {metric.value for metric in Metric}
