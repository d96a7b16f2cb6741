from __future__ import annotations

from decimal import Decimal

from portavoce.calendars.timeline import ALWAYS
from portavoce.contracts.models import METRICS
from portavoce.core.db import Database
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.sla.clocks.rules import Return, Timed
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule
from tests.minting import Minted
from tests.reporting.promising import promise
from tests.reporting.reading import counting, reading

MEAN = Rule(goal=Goal(Statistic.MEAN, Direction.AT_MOST, Decimal(7200)), returns=Return.NEW_CYCLE)


async def test_every_clause_is_read_with_its_rule_and_hours_in_three_queries(
    ledger: Database, aurora: Minted
) -> None:
    for metric, ordinal in ((Metric.RESOLUTION, 1), (Metric.FIRST_RESPONSE, 2)):
        await promise(ledger, aurora, metric, MEAN, within_s=7200, ordinal=ordinal, always=True)
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
