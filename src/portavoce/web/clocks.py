"""A running clock as a page shows it. Each row of a queue has one, another each second: a template takes far longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from portavoce.web.formats import Formats
from portavoce.web.remembering import once

Icon = Callable[..., Markup]
Macro = Callable[..., str]
Sla = Callable[..., Markup]
EMPTY = Markup("")
CLOCK = (
    '<span class="sla{pill}" data-state="{state}" data-due-at="{due}" data-total="{total}">{late}'
    '<span class="ring" style="--p:{fraction}" aria-hidden="true"></span>'
    '<span class="vh">, </span><span class="vh say">{spoken}</span>'
    '<span class="vh">, </span><span class="v" aria-hidden="true">{text}</span></span>'
)


def make_sla(formats: Formats, icon: Icon) -> Sla:
    late = icon("triangle-alert", "sm", css="late")

    def sla(due_at: datetime, total: timedelta | float, now: datetime, pill: bool = False) -> Markup:
        """Of aware instants; `total` is the whole promised time. Ticks by clocks.js; wrap that of the open contact in
        `<span data-active-sla>`.
        """
        left = formats.countdown(due_at, now, total)
        written = CLOCK.format(
            pill=" sla--pill" if pill else "", state=left.state, due=left.due_ms, total=left.total, late=late,
            fraction=left.fraction, spoken=escape(left.spoken), text=escape(left.text),
        )  # fmt: skip
        return Markup(written)  # noqa: S704 -- numbers and codes of ours, and words that are escaped

    return sla


def make_clocked(sla: Sla) -> Callable[..., Markup]:
    """Rows whose clock changes each second while all before and behind it stays."""

    def clocked(
        before: Macro,
        after: Macro,
        items: Iterable[Any],
        now: datetime,
        current: bool = False,
        prefix: str = "qi",
    ) -> Markup:
        """`items` have `due_at` (or None) and `total`; both macros take item, current, prefix."""
        parts: list[str] = []
        for item in items:
            clock = sla(item.due_at, item.total, now) if item.due_at else ""
            parts += (once(before, item, current, prefix), clock, once(after, item, current, prefix))
        return EMPTY.join(parts)

    return clocked
