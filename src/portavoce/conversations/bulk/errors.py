"""What may be said about an act on many contacts."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoAction(NotFound):
    pass


class BadWish(Unprocessable):
    """What was wished cannot be done to any contact; the fields say where to look."""


class Gone(Conflict):
    """It does not wait any more."""


class TooLateToUndo(Conflict):
    pass


class WentOn(Conflict):
    """The contact is not where the act left it, or somebody has written since."""
