"""Why a calendar cannot answer, or cannot be published."""

from portavoce.core.errors import NotFound, Unprocessable


class NeverOpen(ValueError):
    """The hours never open, or too seldom for the time asked: no due instant exists within a year or so."""


class NoSuchMoment(ValueError):
    """No time, or one that the clocks of that place leap over."""


class NoCalendar(NotFound):
    """The brand has no such calendar."""


class BadCalendar(Unprocessable):
    """By field."""
