from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.clocks.rules import Return, Timed
from portavoce.sla.goals import Direction, Goal, Statistic
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import (
    INTERVALS_S,
    STOPPABLE,
    Attainment,
    Clause,
    Rule,
    read_rule,
    share_bp_of,
    share_goal,
    write_rule,
)
from portavoce.sla.schemes import PerBreach, Scheme, Steps, Tier, Tiers

GOALS = st.builds(
    Goal,
    st.sampled_from([Statistic.SHARE_WITHIN, Statistic.MEAN]),
    st.sampled_from(Direction),
    st.decimals(0, 1000, places=4),
) | st.builds(
    Goal,
    st.just(Statistic.PERCENTILE),
    st.sampled_from(Direction),
    st.just(Decimal(60)),
    st.integers(1, 10_000),
)
SCHEMES = st.builds(
    Scheme,
    st.sampled_from([
        (),
        (Steps(Decimal("0.01"), Decimal(1)), PerBreach(500, 2)),
        (Tiers((Tier(Decimal(0), Decimal(1)), Tier(Decimal(1), Decimal("1.5")))),),
    ]),
)  # fmt: skip
RULES = st.builds(
    Rule,
    goal=GOALS,
    variant=st.sampled_from(["", "SL_OFFERED"]),
    pauses=st.none() | st.sets(st.sampled_from(sorted(STOPPABLE))).map(lambda states: tuple(sorted(states))),
    returns=st.sampled_from(Return),
    warn_bp=st.integers(1, 10_000),
    attainment=st.none() | st.builds(Attainment, st.sampled_from(INTERVALS_S), st.integers(1, 10_000)),
    scheme=SCHEMES,
)


@given(RULES)
def test_a_rule_comes_back_from_its_text_and_equal_rules_have_equal_texts(rule: Rule) -> None:
    assert read_rule(write_rule(rule), None) == rule
    assert write_rule(read_rule(write_rule(rule), None)) == write_rule(rule)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"goal":{"statistic":"share_within","direction":"at_least","target":"0.8"},"warn_bp":0}',
        '{"goal":{"statistic":"share_within","direction":"at_least","target":"0.8"},"pauses":["closed"]}',
        '{"goal":{"statistic":"share_within","direction":"at_least","target":"0.8"},"colour":"red"}',
        '{"goal":{"statistic":"share_within","direction":"at_least","target":"0.8"},"attainment":{"interval_s":7,"share_bp":1}}',
        '{"goal":{"statistic":"percentile","direction":"at_least","target":"0.8"}}',
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_rule(text, None)


def test_a_clause_older_than_rules_promises_its_share() -> None:
    assert read_rule("", 9000).goal == Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal("0.9"))


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (share_goal(9000), 9000),
        (Goal(Statistic.SHARE_WITHIN, Direction.AT_LEAST, Decimal("0.99995")), None),
        (Goal(Statistic.SHARE_WITHIN, Direction.AT_MOST, Decimal("0.05")), None),
        (Goal(Statistic.MEAN, Direction.AT_LEAST, Decimal("0.9")), None),
    ],
)
def test_only_a_share_in_whole_basis_points_stands_in_the_column(goal: Goal, expected: int | None) -> None:
    assert share_bp_of(Rule(goal=goal)) == expected


def clause(metric: Metric, threshold_s: int | None, **rule: object) -> Clause:
    return Clause(
        id=UUID(int=1), version=1, lob_id=UUID(int=2), channel="email", metric=metric, ordinal=1,
        threshold_s=threshold_s, rule=msgspec.structs.replace(Rule(goal=share_goal(9000)), **rule), calendar_name=None,
    )  # fmt: skip


def test_only_what_is_timed_has_a_clock_and_it_says_what_the_rule_says() -> None:
    assert clause(Metric.SATISFACTION, None).clock is None
    assert clause(Metric.SERVICE_LEVEL, 20).clock is None
    clock = clause(
        Metric.RESOLUTION, 3600, pauses=("with_client",), returns=Return.NEW_CYCLE, warn_bp=5000
    ).clock
    assert clock is not None
    assert (clock.timed, clock.paused_by, clock.returns) == (
        Timed.RESOLUTION,
        frozenset({"with_client"}),
        Return.NEW_CYCLE,
    )
    assert clock.warns_after.total_seconds() == 1800
    assert {each.value for each in Timed} <= {each.value for each in Metric}
