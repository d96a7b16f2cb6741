"""Why a calendar cannot answer."""

from portavoce.core.errors import Unprocessable


class NeverOpen(ValueError):
    """The hours never open, or too seldom for the time asked: no due instant exists within a year or so."""


class BadHours(Unprocessable):
    """Opening hours that cannot be read."""
