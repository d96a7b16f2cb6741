"""What can go wrong with a customer's data."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class UnusableIdentity(ValueError):
    """The value names nobody on that channel; the message that carried it is kept apart, not lost."""


class NoCustomer(NotFound):
    pass


class ChangedMeanwhile(Conflict):
    """Somebody saved the profile after it was read."""


class BadProfile(Unprocessable):
    """`fields`: what to do about each, by the field's name."""


class BadConsent(Unprocessable):
    pass


class BadAttribute(Unprocessable):
    pass


class CannotMerge(Conflict):
    pass


class CannotReturn(Conflict):
    """What was removed is back, or somebody else's."""
