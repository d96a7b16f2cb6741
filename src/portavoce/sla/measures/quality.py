"""The score of a reviewed contact, and how often critical errors happened.

Source: reference/metrics.md §3; COPC keeps what is critical to customer, business and compliance apart from the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

import msgspec

from portavoce.sla.measures.ratios import Ratio


class Critical(StrEnum):
    """To whom failing would be fatal."""

    CUSTOMER = "customer"
    BUSINESS = "business"
    COMPLIANCE = "compliance"


class Item(msgspec.Struct, frozen=True):
    """One line of the form: its weight (whole, 0 or more) and whether it was passed, None where it did not apply."""

    weight: int
    passed: bool | None
    critical: Critical | None = None

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError(f"a weight of {self.weight}")


Review = Sequence[Item]


def score(review: Review) -> Ratio:
    """Weights passed of the weights that applied; one critical error makes it 0. No data where nothing weighed applied."""
    whole = sum(each.weight for each in review if each.passed is not None)
    if any(each.critical is not None and each.passed is False for each in review):
        return Ratio(0, whole)
    return Ratio(sum(each.weight for each in review if each.passed), whole)


def mean_score(reviews: Iterable[Review]) -> Fraction | None:
    """Each review weighs the same, however many of its lines applied; those without data are left out."""
    scores = [value for each in reviews if (value := score(each).value) is not None]
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def accuracy(reviews: Iterable[Review], critical: Critical) -> Ratio:
    """Reviews without an error of this kind, of those in which any line of it applied."""
    marks = [
        [each.passed for each in review if each.critical is critical and each.passed is not None]
        for review in reviews
    ]
    return Ratio(sum(all(each) for each in marks if each), sum(bool(each) for each in marks))


def short_of_sample(reviewed: Mapping[UUID, int], minimum: int) -> Mapping[UUID, int]:
    """Agents of whom fewer contacts were reviewed in the month than agreed, with how many are missing."""
    return {agent: minimum - count for agent, count in reviewed.items() if count < minimum}
