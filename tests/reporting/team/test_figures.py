"""What one kept sum of a month tells of somebody's work."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import CONTACT, HANDLED, SOLVED, TRANSFERRED
from portavoce.reporting.team.figures import Service, Told, Work


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (CONTACT, Work(answered=3)),
        (HANDLED, Work(handled=4, used_s=90)),
        (SOLVED, Work(solved=4, returned=3)),
        (TRANSFERRED, Work(transferred=4)),
        ("first_response", Work()),
    ],
)
def test_each_measure_tells_its_own_part_of_the_work(measure: str, expected: Work) -> None:
    """Of four units three have an end."""
    assert Told(Month(2026, 3), measure, UUID(int=1), "", None, 4, 3, 90).work == expected


def test_sums_of_parts_are_the_parts_of_sums() -> None:
    assert Work(1, 2, 3, 4, 5, 6) + Work(10, 20, 30, 40, 50, 60) == Work(11, 22, 33, 44, 55, 66)
    assert (Service(1, 1, 2) + Service(1, 0, 1)).share_bp == 3333
    assert Service(5).share_bp is None
