"""What can stand between a contact and the customer it is of."""

from portavoce.core.errors import Conflict, TooMany, Unprocessable


class CannotLink(Conflict):
    """Somebody else was quicker, or it is the same customer."""


class NoAddress(Unprocessable):
    """No code is sent there: the customer was not known by it before this contact began."""


class BadEvidence(Unprocessable):
    """`fields`: what to do about each, by the field's name."""


class BadCode(Unprocessable):
    """The code is no longer good; nothing was counted."""


class TooManyCodes(TooMany):
    pass


class NeededHere(Conflict):
    """An open contact came by this address, and the customer has no other of the kind."""
