from __future__ import annotations

from decimal import Decimal

from portavoce.calendars.timeline import ALWAYS
from portavoce.contracts.drafting import open_draft, set_terms
from portavoce.contracts.models import METRICS
from portavoce.contracts.publishing import publish
from portavoce.core.db import Database
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.sla.clocks.rules import Return, Timed
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule
from portavoce.sla.schemes import NO_LIMITS, Limits
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
    assert (version.fee_cents, version.limits) == (0, NO_LIMITS)
    (terms,) = terms_of([version])
    assert [each.timed for each in terms.clocks] == [
        Timed.FIRST_RESPONSE,
        Timed.FIRST_RESPONSE,
        Timed.RESOLUTION,
    ]
    assert terms.clocks[2].returns is Return.NEW_CYCLE


async def test_fee_and_caps_of_each_version_are_read_with_it(ledger: Database, aurora: Minted) -> None:
    async with ledger.begin(aurora.writing) as db:
        await open_draft(db)
        await set_terms(db, fee_cents=180_000, credit_cap_bp=1_050, bonus_cap_bp=None)
        await publish(db)
    async with reading(ledger, aurora) as db:
        _, version = await read_contract(db)
    assert (version.number, version.fee_cents) == (2, 180_000)
    assert version.limits == Limits(credit_percent=Decimal("10.5"))


def test_a_clause_may_be_of_every_metric_and_of_no_other() -> None:
    assert set(METRICS) == {metric.value for metric in Metric}
