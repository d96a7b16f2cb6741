"""What a shop clerk, or who looks after the shops, may be told."""

from portavoce.core.errors import NotFound, Unprocessable


class NoShop(NotFound):
    """The brand has no such shop, or it is none of this clerk's."""


class NoClerk(NotFound):
    """Nobody who may work at a counter of this brand."""


class BadShop(Unprocessable):
    """By field."""


class BadVisit(Unprocessable):
    """By field."""
