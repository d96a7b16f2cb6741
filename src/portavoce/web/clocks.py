"""A running clock as a page shows it. Each row of a queue has one, another each second: a template takes far longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from markupsafe import Markup

from portavoce.web.formats import Formats

Icon = Callable[..., Markup]
RUNNING = Markup(
    '<span class="{css}" data-state="{state}" data-due-at="{due}" data-total="{total}">{late}'
    '<span class="ring" style="--p:{fraction}" aria-hidden="true"></span><span class="vh">, </span>'
    '<span class="vh say">{spoken}</span><span class="vh">, </span><span class="v" aria-hidden="true">{text}</span></span>'
)


def make_sla(formats: Formats, icon: Icon) -> Callable[..., Markup]:
    late = icon("triangle-alert", "sm", css="late")

    def sla(due_at: datetime, total: timedelta | float, now: datetime, pill: bool = False) -> Markup:
        """Of aware instants; `total` is the whole promised time. Ticks by clocks.js; wrap that of the open contact in
        `<span data-active-sla>`.
        """
        left = formats.countdown(due_at, now, total)
        return RUNNING.format(
            css="sla sla--pill" if pill else "sla", state=left.state, due=left.due_ms, total=left.total, late=late,
            fraction=left.fraction, spoken=left.spoken, text=left.text,
        )  # fmt: skip

    return sla
