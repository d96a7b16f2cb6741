"""What a clause can promise: one code per metric, what its figure is counted in, when it is final, what it is read from.

Definitions: reference/metrics.md, §2 to §4. Words for people belong to the web; formulas to `sla.measures` and the clocks.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Metric(StrEnum):
    """`back_office` and `approval` are the client's own promises, all others the provider's."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    EVERY_RESPONSE = "every_response"
    RESOLUTION = "resolution"
    SERVICE_LEVEL = "service_level"
    SPEED_OF_ANSWER = "speed_of_answer"
    ABANDONMENT = "abandonment"
    ACCESSIBILITY = "accessibility"
    HANDLE_TIME = "handle_time"
    FIRST_CONTACT_RESOLUTION = "first_contact_resolution"
    SATISFACTION = "satisfaction"
    QUALITY = "quality"
    ADHERENCE = "adherence"
    BACKLOG = "backlog"
    BACK_OFFICE = "back_office"
    APPROVAL = "approval"


class Unit(StrEnum):
    """What a mean, a percentile or a level of the metric is counted in; a share within a threshold is always a share."""

    SHARE = "share"
    SECONDS = "seconds"
    SCORE = "score"
    COUNT = "count"


class Maturity(StrEnum):
    """When the figure of one measured unit can change no more."""

    ENDED = "ended"  # with the wait, the handling or the shift itself
    DECIDED = "decided"  # when its clock stops, or at the first moment past its due instant
    AFTER_WINDOW = "after_window"  # when the window has passed in which a return or a reopening counts
    AFTER_REPLIES = "after_replies"  # when nobody asked can answer any more
    AT_SNAPSHOT = "at_snapshot"  # at once: it describes one instant


class Month(StrEnum):
    """Whose month a measured unit is counted in: the one that holds this instant of it."""

    OPENED = "opened"
    ASKED = "asked"  # the message, question or survey that waits for an answer
    QUEUED = "queued"
    HANDLED = "handled"
    SOLVED = "solved"
    SCHEDULED = "scheduled"
    SNAPSHOT = "snapshot"


class Definition(msgspec.Struct, frozen=True):
    """`facts` are the kinds of ledger events the metric is computed from."""

    unit: Unit
    maturity: Maturity
    month: Month
    facts: frozenset[str]


_CALLS = frozenset({"call.queued", "call.answered", "call.abandoned", "call.flowed_out", "call.dropped"})
_TALKS = frozenset({"message.received", "message.sent"})
_LIVES = frozenset({"interaction.opened", "interaction.closed", "interaction.reopened"})

AWAITED: frozenset[str] = _CALLS | {
    "lines.opened",
    "lines.closed",
    "review.scored",
    "shift.scheduled",
    "survey.asked",
    "survey.answered",
}
"""Kinds that no part of the product writes yet: what needs one of them is "not measured", never 0."""

DEFINITIONS: Mapping[Metric, Definition] = {
    Metric.FIRST_RESPONSE: Definition(
        Unit.SECONDS, Maturity.DECIDED, Month.OPENED, frozenset({"interaction.opened", "message.sent"})
    ),
    Metric.NEXT_RESPONSE: Definition(Unit.SECONDS, Maturity.DECIDED, Month.ASKED, _TALKS),
    Metric.EVERY_RESPONSE: Definition(
        Unit.SECONDS, Maturity.DECIDED, Month.ASKED, _TALKS | {"interaction.opened"}
    ),
    Metric.RESOLUTION: Definition(Unit.SECONDS, Maturity.AFTER_WINDOW, Month.OPENED, _LIVES),
    Metric.SERVICE_LEVEL: Definition(Unit.SHARE, Maturity.ENDED, Month.QUEUED, _CALLS),
    Metric.SPEED_OF_ANSWER: Definition(Unit.SECONDS, Maturity.ENDED, Month.QUEUED, _CALLS),
    Metric.ABANDONMENT: Definition(Unit.SHARE, Maturity.ENDED, Month.QUEUED, _CALLS),
    Metric.ACCESSIBILITY: Definition(
        Unit.SHARE, Maturity.ENDED, Month.QUEUED, _CALLS | {"lines.opened", "lines.closed"}
    ),
    Metric.HANDLE_TIME: Definition(
        Unit.SECONDS,
        Maturity.ENDED,
        Month.HANDLED,
        frozenset({"handling.started", "handling.ended", "acw.started", "acw.ended"}),
    ),
    Metric.FIRST_CONTACT_RESOLUTION: Definition(
        Unit.SHARE, Maturity.AFTER_WINDOW, Month.SOLVED, _LIVES | {"message.received"}
    ),
    Metric.SATISFACTION: Definition(
        Unit.SCORE, Maturity.AFTER_REPLIES, Month.ASKED, frozenset({"survey.asked", "survey.answered"})
    ),
    Metric.QUALITY: Definition(Unit.SCORE, Maturity.ENDED, Month.HANDLED, frozenset({"review.scored"})),
    Metric.ADHERENCE: Definition(
        Unit.SHARE, Maturity.ENDED, Month.SCHEDULED, frozenset({"shift.scheduled", "agent.state"})
    ),
    Metric.BACKLOG: Definition(Unit.COUNT, Maturity.AT_SNAPSHOT, Month.SNAPSHOT, _LIVES),
    Metric.BACK_OFFICE: Definition(
        Unit.SECONDS,
        Maturity.DECIDED,
        Month.ASKED,
        frozenset({"back_office.asked", "back_office.answered", "back_office.recalled"}),
    ),
    Metric.APPROVAL: Definition(
        Unit.SECONDS,
        Maturity.DECIDED,
        Month.ASKED,
        frozenset({"approval.asked", "approval.approved", "approval.returned", "approval.recalled"}),
    ),
}


def measured(metric: Metric) -> bool:
    """Whether everything the metric is read from is written by the product today."""
    return not DEFINITIONS[metric].facts & AWAITED
