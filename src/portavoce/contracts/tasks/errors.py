"""What may be said about a task of the client."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoTask(NotFound):
    pass


class BadTask(Unprocessable):
    """`fields`: what is wrong, by the field's name."""


class Ended(Conflict):
    """Somebody has done it or withdrawn it meanwhile."""
