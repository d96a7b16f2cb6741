"""What was measured, beside what is wanted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """`at_most` or `at_least` is the goal (see docs/performance.md); without either the value only informs."""

    goal: str
    what: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    @property
    def wanted(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**missed**", None: ""}[self.met]


@dataclass(frozen=True, slots=True)
class Curve:
    """Costs at growing sizes; `flat` is the exponent above which the curve is no longer called flat."""

    axis: str
    what: str
    sizes: tuple[int, ...]
    costs: tuple[float, ...]
    flat: float = 0.2

    @property
    def exponent(self) -> float:
        return fitted_exponent(self.sizes, self.costs)


@dataclass(slots=True)
class Results:
    findings: list[Finding] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)

    def find(self, goal: str, what: str, value: float, **goals: float) -> None:
        self.findings.append(Finding(goal, what, value, **goals))

    def figure(self, what: str, value: str) -> None:
        self.figures.append((what, value))


def fitted_exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The slope of a straight line through the logarithms: 0 is flat, 1 is linear."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(cost, 1e-9)) for cost in costs]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
