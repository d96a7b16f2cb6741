"""A clause of a regime as a wish for a line of business: what is counted in calendar days runs day and night."""

from __future__ import annotations

from uuid import UUID

from portavoce.sla.presets import CalendarKind, PresetClause, Subject
from portavoce.sla.shapes import SHAPES
from portavoce.sla.writing import DAY_S, Wish

PHONE, WRITTEN = "phone", "email"


def can_be_written(preset: PresetClause) -> bool:
    """Working days are no length of open time: opening hours differ from day to day, so no clause can say them."""
    return preset.calendar is not CalendarKind.WORKING_DAYS


def wish_of_preset(preset: PresetClause, lob_id: UUID, calendar_id: UUID) -> Wish:
    """It counts every contact of the line, whatever the regime is about; no wait for anybody stops its clock.

    ValueError for one that cannot be written.
    """
    if not can_be_written(preset):
        raise ValueError(f"{preset} is counted in working days")
    threshold_s = preset.threshold_s
    if preset.threshold_days is not None:
        threshold_s = preset.threshold_days * DAY_S
    return Wish(
        metric=preset.metric,
        statistic=preset.goal.statistic,
        lob_id=lob_id,
        channel=PHONE if preset.subject is Subject.CALL else WRITTEN,
        goal=preset.goal.target,
        direction=preset.goal.direction,
        percentile_bp=preset.goal.percentile_bp,
        threshold_s=threshold_s,
        calendar_id=calendar_id if preset.calendar is CalendarKind.OPENING_HOURS else None,
        variant=preset.variant or "",
        pauses=() if SHAPES[preset.metric].pauses else None,
    )
