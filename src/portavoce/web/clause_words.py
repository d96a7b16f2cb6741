"""A clause as a sentence: what is promised of what, within which time, and what missing or beating it costs and earns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from portavoce.contracts.reading import ClauseRow
from portavoce.sla.goals import Direction, Statistic, unit_of
from portavoce.sla.metrics import Metric, Unit
from portavoce.sla.rules import Rule, read_rule
from portavoce.sla.schemes import PerBreach, PerDay, Scheme, Steps, Tier, Tiers
from portavoce.sla.shapes import SHAPES
from portavoce.web.formats import Formats
from portavoce.web.i18n import N_, Words

OF = {
    Metric.FIRST_RESPONSE: N_("of first replies"),
    Metric.NEXT_RESPONSE: N_("of further replies"),
    Metric.EVERY_RESPONSE: N_("of all replies"),
    Metric.RESOLUTION: N_("of contacts solved"),
    Metric.SERVICE_LEVEL: N_("of calls answered"),
    Metric.ABANDONMENT: N_("of calls abandoned"),
    Metric.ACCESSIBILITY: N_("of accessibility"),
    Metric.FIRST_CONTACT_RESOLUTION: N_("of contacts solved at first contact"),
    Metric.SATISFACTION: N_("of ratings with one of the two best marks"),
    Metric.ADHERENCE: N_("of planned time at work"),
}
WHAT = {
    Metric.FIRST_RESPONSE: N_("First replies"),
    Metric.NEXT_RESPONSE: N_("Further replies"),
    Metric.EVERY_RESPONSE: N_("All replies"),
    Metric.RESOLUTION: N_("Solutions"),
    Metric.SPEED_OF_ANSWER: N_("Waiting for an answer"),
    Metric.HANDLE_TIME: N_("Handling"),
    Metric.SATISFACTION: N_("Rating by customers"),
    Metric.QUALITY: N_("Quality score"),
    Metric.BACKLOG: N_("Open contacts"),
}
WAYS = {"email": N_("by email"), "phone": N_("by phone"), "chat": N_("by chat"), "visit": N_("in the shop")}
STATES = {
    "pending": N_("the customer is to answer"),
    "snoozed": N_("it was put off"),
    "with_client": N_("the client is asked"),
}
RETURNS = {
    "first": N_("a return changes nothing"),
    "resume": N_("a return goes on with the same clock"),
    "new_cycle": N_("a return begins a new clock"),
    "include_gap": N_("a return counts the time in between"),
}
OPENING = "Opening hours"
"""What the first calendar of every brand is called."""
DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60


class ClauseWords:
    """The sentences of one language."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._formats = Formats(words)
        self._ = words.gettext

    def sentence(self, row: ClauseRow) -> str:
        """All of it: "90% of first replies by email within 4 hours of opening hours; each full point below costs 1%"."""
        rule = read_rule(row.rule, row.share_bp)
        return "; ".join((self.promise(row, rule), *self.money(Metric(row.metric), rule)))

    def promise(self, row: ClauseRow, rule: Rule) -> str:
        _, metric, goal = self._, Metric(row.metric), rule.goal
        way = _(WAYS[row.channel]) if row.channel in WAYS else row.channel
        target = self.target(metric, goal.statistic, goal.target)
        if goal.statistic is Statistic.SHARE_WITHIN:
            share = target if goal.direction is Direction.AT_LEAST else _("at most %(share)s", share=target)
            said = _("%(share)s %(of)s %(way)s", share=share, of=_(OF[metric]), way=way)
        elif goal.statistic is Statistic.PERCENTILE:
            rank = self._percent(Decimal(goal.percentile_bp or 0) / 100)
            said = _("%(what)s %(way)s: %(rank)s of them within %(time)s", what=_(WHAT[metric]), way=way, rank=rank, time=target)  # fmt: skip
        elif goal.direction is Direction.AT_MOST:
            said = _("%(what)s %(way)s: %(target)s on average at most", what=_(WHAT[metric]), way=way, target=target)  # fmt: skip
        else:
            said = _("%(what)s %(way)s: at least %(target)s on average", what=_(WHAT[metric]), way=way, target=target)  # fmt: skip
        if goal.statistic is Statistic.SHARE_WITHIN and row.target_s is not None:
            silent = metric is Metric.FIRST_CONTACT_RESOLUTION
            within = (
                N_("%(said)s, with nothing further within %(time)s")
                if silent
                else N_("%(said)s within %(time)s")
            )
            said = _(within, said=said, time=self.length(row.target_s))
        return f"{said}{self._hours(row, metric)}"

    def notes(self, row: ClauseRow) -> Iterator[str]:
        """What else it says, that few look at."""
        _, rule, shape = self._, read_rule(row.rule, row.share_bp), SHAPES[Metric(row.metric)]
        if rule.variant:
            yield _("formula %(name)s", name=rule.variant)
        if shape.short and "SHORT" in rule.variant + ("SHORT" if rule.variant == "AB_NET" else ""):
            yield _("abandoned within %(time)s is short", time=self.length(rule.short_s))
        if rule.ivr_s:
            yield _("plus %(time)s of menu", time=self.length(rule.ivr_s))
        if shape.pauses:
            pauses = ("pending",) if rule.pauses is None else rule.pauses
            states = [_(STATES.get(each, each)) for each in pauses]
            yield _("stopped while %(states)s", states=", ".join(states)) if states else _("never stopped")
            yield _(RETURNS[rule.returns])
        if shape.clock:
            yield _("warning at %(share)s of the time", share=self._percent(Decimal(rule.warn_bp) / 100))
        if rule.attainment:
            share = self._percent(Decimal(rule.attainment.share_bp) / 100)
            time = self.length(rule.attainment.interval_s)
            yield _("kept in at least %(share)s of intervals of %(time)s", share=share, time=time)
        if rule.scheme.weight != 1:
            yield _("weight %(weight)s", weight=self._formats.number(rule.scheme.weight))
        if rule.scheme.malus and rule.scheme.nature == "PENALTY":
            yield _("as a penalty, not a price reduction")

    def money(self, metric: Metric, rule: Rule) -> Iterator[str]:
        unit = unit_of(metric, rule.goal.statistic)
        low = rule.goal.direction is Direction.AT_LEAST
        yield from self._scales(
            rule.scheme.malus, unit, self._("below") if low else self._("above"), costs=True
        )
        yield from self._amounts(rule.scheme)
        yield from self._scales(
            rule.scheme.bonus, unit, self._("above") if low else self._("below"), costs=False
        )

    def target(self, metric: Metric, statistic: Statistic, value: Decimal) -> str:
        """A value in the unit of the figure."""
        unit = unit_of(metric, statistic)
        if unit is Unit.SHARE:
            return self._percent(value * 100)
        return self.length(int(value)) if unit is Unit.SECONDS else self._formats.number(value)

    def length(self, seconds: int) -> str:
        """`1 hour 30 minutes`, exact to the second; in days only where they are whole."""
        ngettext = self._words.ngettext
        if seconds and not seconds % DAY_S:
            return ngettext("%(num)d day", "%(num)d days", seconds // DAY_S)
        hours, minutes, rest = seconds // HOUR_S, seconds % HOUR_S // MINUTE_S, seconds % MINUTE_S
        parts = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
        parts += [ngettext("%(num)d minute", "%(num)d minutes", minutes)] if minutes else []
        parts += [ngettext("%(num)d second", "%(num)d seconds", rest)] if rest or not parts else []
        return " ".join(parts)

    def euro(self, cents: int) -> str:
        return Formats(self._words).euro(cents)

    def _hours(self, row: ClauseRow, metric: Metric) -> str:
        if not SHAPES[metric].clock:
            return ""
        if row.calendar is None:
            return self._(", day and night")
        if row.calendar == OPENING:
            return self._(" of opening hours")
        return self._(" in the hours “%(calendar)s”", calendar=row.calendar)

    def _scales(
        self, parts: Sequence[Steps | Tiers | PerBreach | PerDay], unit: Unit, side: str, *, costs: bool
    ) -> Iterator[str]:
        _ = self._
        for part in parts:
            if isinstance(part, Steps):
                percent = self._percent(part.percent)
                if unit is not Unit.SECONDS and self._points(part.size, unit) == 1:
                    yield (
                        _("each full point %(side)s costs %(percent)s", side=side, percent=percent)
                        if costs
                        else _("each full point %(side)s earns %(percent)s", side=side, percent=percent)
                    )
                    continue
                values = {"size": self._size(part.size, unit), "side": side, "percent": percent}
                yield (
                    _("each full step of %(size)s %(side)s costs %(percent)s", **values)
                    if costs
                    else _("each full step of %(size)s %(side)s earns %(percent)s", **values)
                )
            elif isinstance(part, Tiers):
                steps = ", ".join(self._tier(each, unit, side) for each in part.tiers)
                yield _("it costs %(steps)s", steps=steps) if costs else _("it earns %(steps)s", steps=steps)

    def _tier(self, tier: Tier, unit: Unit, side: str) -> str:
        percent = self._percent(tier.percent)
        if not tier.above:
            return self._("%(percent)s from the target on", percent=percent)
        return self._(
            "%(percent)s from %(size)s %(side)s on",
            percent=percent,
            size=self._size(tier.above, unit),
            side=side,
        )

    def _amounts(self, scheme: Scheme) -> Iterator[str]:
        _ = self._
        for part in scheme.malus:
            if isinstance(part, PerBreach):
                amount = self.euro(part.cents)
                yield (
                    _("%(amount)s for each late contact after %(count)d", amount=amount, count=part.tolerated)
                    if part.tolerated
                    else _("%(amount)s for each late contact", amount=amount)
                )
            elif isinstance(part, PerDay):
                if part.cents:
                    yield _("%(amount)s for each day of default", amount=self.euro(part.cents))
                if part.permille:
                    permille = f"{self._formats.number(part.permille)}‰"
                    yield _("%(permille)s of the fee for each day of default", permille=permille)

    def _size(self, size: Decimal, unit: Unit) -> str:
        if unit is Unit.SECONDS:
            return self.length(int(size))
        points = self._points(size, unit)
        return (
            self._("1 point")
            if points == 1
            else self._("%(count)s points", count=self._formats.number(points))
        )

    def _points(self, size: Decimal, unit: Unit) -> Decimal:
        return size * 100 if unit is Unit.SHARE else size

    def _percent(self, value: Decimal) -> str:
        return f"{self._formats.number(value)}%"
