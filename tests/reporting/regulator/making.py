"""Clauses of regimes as a contract would hold them, and what they counted, made by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import msgspec

from portavoce.reporting.counts import Counts
from portavoce.reporting.months import Month
from portavoce.reporting.regulator.indicators import Part
from portavoce.sla.applying import wish_of_preset
from portavoce.sla.presets import PRESETS, CalendarKind, PresetClause, Regime, Subject
from portavoce.sla.rules import Clause
from portavoce.sla.writing import rule_of

LINE, OTHER_LINE = UUID(int=1), UUID(int=2)


def preset(regime: Regime, subject: Subject, number: int = 0) -> PresetClause:
    """The `number`th of a regime about this subject."""
    return [each for each in PRESETS[regime] if each.subject is subject][number]


COMPLAINTS = preset(Regime.AGCOM_255_24, Subject.COMPLAINT)


def clause(of: PresetClause = COMPLAINTS, **changed: Any) -> Clause:
    """As taken over from a regime, but for what is given."""
    wish = wish_of_preset(of, LINE, UUID(int=9))
    in_hours = of.calendar is CalendarKind.OPENING_HOURS
    made = Clause(
        id=UUID(int=3), version=1, lob_id=LINE, channel=wish.channel, metric=of.metric, ordinal=1,
        threshold_s=wish.threshold_s, rule=rule_of(wish), calendar_name="Ufficio" if in_hours else None,
    )  # fmt: skip
    own = uuid5(made.id, repr(sorted(changed.items(), key=lambda each: each[0])))
    return msgspec.structs.replace(made, **{"id": own, **changed})


def part(
    month: Month, met: int, late: int, *, of: Clause | None = None, lob: str = "Assistenza", is_final: bool = True
) -> Part:  # fmt: skip
    counts = Counts(units=met + late, ended=met + late, met=met, late=late)
    return Part(month, of or clause(), lob, counts, is_final)
