import pytest

from portavoce.sla.metrics import AWAITED, DEFINITIONS, Maturity, Metric, Month, measured
from tests.architecture import house

WRITERS = ("agents", "channels", "conversations", "workforce", "quality")
"""Who writes what happened; other modules only read it."""
SOURCE = "\n".join(path.read_text() for each in WRITERS for path in house.python(f"src/portavoce/{each}"))
MADE = {"approval": ("approved", "returned"), "acw": ("started", "ended"), "handling": ("started", "ended")}
"""Verbs that make the kind of their fact of two words: f"approval.{how}", f"{part}.started"."""


def written(kind: str) -> bool:
    """Whether any of them writes this kind of fact."""
    subject, _, verb = kind.partition(".")
    return f'"{kind}"' in SOURCE or verb in MADE.get(subject, ())


def test_every_metric_is_defined_and_reads_something() -> None:
    assert set(DEFINITIONS) == set(Metric)
    assert all(each.facts for each in DEFINITIONS.values())


@pytest.mark.parametrize("metric", Metric)
def test_a_metric_is_measured_exactly_when_the_product_writes_its_facts(metric: Metric) -> None:
    assert measured(metric) is all(map(written, DEFINITIONS[metric].facts))


def test_awaited_is_exactly_what_some_metric_needs_and_nobody_writes() -> None:
    needed = frozenset().union(*(each.facts for each in DEFINITIONS.values()))
    assert {kind for kind in needed if not written(kind)} == AWAITED


def test_waits_are_final_at_once_and_resolutions_and_ratings_later() -> None:
    later = {metric for metric in Metric if DEFINITIONS[metric].maturity.startswith("after")}
    assert later == {Metric.RESOLUTION, Metric.FIRST_CONTACT_RESOLUTION, Metric.SATISFACTION}
    assert DEFINITIONS[Metric.SERVICE_LEVEL].maturity is Maturity.ENDED


def test_each_metric_belongs_to_the_month_of_one_instant() -> None:
    assert DEFINITIONS[Metric.SPEED_OF_ANSWER].month is Month.QUEUED
    assert DEFINITIONS[Metric.FIRST_CONTACT_RESOLUTION].month is Month.SOLVED
    assert DEFINITIONS[Metric.FIRST_RESPONSE].month is Month.OPENED
