"""What may be said about a relief."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoRelief(NotFound):
    pass


class Undecidable(Conflict):
    """It was accepted, contested or withdrawn meanwhile, or silence has decided."""


class BadRelief(Unprocessable):
    """`fields`: what to do about each, by the field's name."""
