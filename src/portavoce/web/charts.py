"""Charts as inline SVG: they work without scripts, print as they are and take their colours from the theme.

Every chart is one `role=img` whose title states the finding; the page puts the figures in a table below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec
from markupsafe import Markup

Number = int | float | Decimal
Scale = Callable[[float], float]

LABEL_GAP = 14
LEFT, TOP, BOTTOM = 40, 14, 28


class Series(msgspec.Struct, frozen=True):
    """One line. A `None` among the values is a gap; `dash` tells lines apart without colour."""

    name: str
    values: Sequence[Number | None]
    colour: str = "var(--c1)"
    dash: str = ""


class Target(msgspec.Struct, frozen=True):
    value: Number
    label: str


class Frame(msgspec.Struct, frozen=True):
    """Where the drawing area of a line chart lies: `x` takes an index, `y` a value."""

    width: int
    height: int
    right: int
    x: Scale
    y: Scale

    @property
    def edge(self) -> int:
        return self.width - self.right


def hbars(rows: Sequence[tuple[str, Number, str]], title: str, *, width: int = 420, row: int = 30) -> Markup:
    """Horizontal bars from zero. Each row is (name, value, value as text)."""
    left, most = 100, max((float(value) for _, value, _ in rows), default=0) or 1
    parts = []
    for index, (name, value, text) in enumerate(rows):
        top, length = index * row, (width - left - 60) * float(value) / most
        parts.append(_text(left - 10, top + 19, name, anchor="end", colour="var(--text-2)"))
        parts.append(_BAR.format(left, top + 7, f"{length:.1f}", row - 14))
        parts.append(_text(left + length + 7, top + 19, text, colour="var(--text)", css="lbl"))
    return _svg("chart chart--sm", width, row * len(rows) + 4, title, parts)


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    title: str,
    *,
    low: Number = 0,
    high: Number = 100,
    unit: str = "",
    target: Target | None = None,
    width: int = 720,
    height: int = 240,
    right: int = 90,
    every: int = 1,
) -> Markup:
    """Up to four lines with their names at the end, an optional dashed target and four steps on the axis."""
    frame = Frame(
        width,
        height,
        right,
        _scale(0, max(1, len(labels) - 1), LEFT, width - right),
        _scale(float(low), float(high), height - BOTTOM, TOP),
    )
    parts = [*_grid(frame, float(low), float(high), unit), *_below(frame, labels, every)]
    if target is not None:
        parts += _target(frame, target)
    parts += [part for entry in series for part in _curve(frame, entry)]
    parts += _end_labels(frame, series, target)
    return _svg("chart", width, height, title, parts)


def _grid(frame: Frame, low: float, high: float, unit: str) -> Iterable[Markup]:
    for step in range(5):
        value = low + (high - low) * step / 4
        at = frame.y(value)
        yield _GRID.format(LEFT, frame.edge, f"{at:.1f}")
        yield _text(LEFT - 8, at + 4, f"{value:g}{unit}", anchor="end")


def _below(frame: Frame, labels: Sequence[str], every: int) -> Iterable[Markup]:
    for index, label in enumerate(labels):
        if index % every == 0:
            yield _text(frame.x(index), frame.height - 8, label, anchor="middle")


def _target(frame: Frame, target: Target) -> Iterable[Markup]:
    at = frame.y(float(target.value))
    yield _TARGET.format(LEFT, frame.edge, f"{at:.1f}")
    yield _text(frame.edge + 6, at + 4, target.label, colour="var(--text-2)")


def _curve(frame: Frame, series: Series) -> Iterable[Markup]:
    for run in _runs(series.values):
        points = " ".join(f"{frame.x(index):.1f},{frame.y(value):.1f}" for index, value in run)
        yield _LINE.format(points, series.colour, series.dash)
    last = _last(series.values)
    if last is not None:
        yield _DOT.format(f"{frame.x(last[0]):.1f}", f"{frame.y(last[1]):.1f}", series.colour)


def _end_labels(frame: Frame, series: Sequence[Series], target: Target | None) -> Iterable[Markup]:
    """Names at the line ends, moved down until none covers another or the target's."""
    taken = [] if target is None else [frame.y(float(target.value))]
    ends = [(frame.y(last[1]), last[0], entry) for entry in series if (last := _last(entry.values))]
    for at, index, entry in sorted(ends, key=lambda end: end[0]):
        spot = at
        while any(abs(spot - other) < LABEL_GAP for other in taken):
            spot += 4
        taken.append(spot)
        yield _text(frame.x(index) + 8, spot + 4, entry.name, colour=entry.colour, css="lbl")


def _runs(values: Sequence[Number | None]) -> list[list[tuple[int, float]]]:
    """Stretches of neighbouring values: no data is a gap, not a zero."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, float(value)))
    return [run for run in runs if run]


def _last(values: Sequence[Number | None]) -> tuple[int, float] | None:
    runs = _runs(values)
    return runs[-1][-1] if runs else None


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    span = (high - low) or 1
    return lambda value: start + (value - low) / span * (end - start)


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "", css: str = "") -> Markup:
    style = Markup(' style="fill:{}"').format(colour) if colour else ""
    return _TEXT.format(css, f"{x:.1f}", f"{y:.1f}", anchor, style, text)


def _svg(css: str, width: int, height: int, title: str, parts: Iterable[Markup]) -> Markup:
    return _SVG.format(css, width, height, title, Markup("").join(parts))


_SVG = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
_TEXT = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}"{}>{}</text>')
_BAR = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="var(--c1)"/>')
_GRID = Markup('<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="var(--c-grid)"/>')
_TARGET = Markup(
    '<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="var(--text-2)" stroke-width="1.25" stroke-dasharray="5 4"/>'
)
_LINE = Markup(
    '<polyline points="{}" fill="none" stroke="{}" stroke-dasharray="{}" stroke-width="2.25"'
    ' stroke-linejoin="round" stroke-linecap="round"/>'
)
_DOT = Markup('<circle cx="{}" cy="{}" r="3.5" fill="{}"/>')
