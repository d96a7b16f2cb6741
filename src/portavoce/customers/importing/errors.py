"""What can go wrong before a file of customers is looked at."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class BadFile(Unprocessable):
    """`fields`: the values of the message's placeholders."""


class BadMapping(Unprocessable):
    pass


class NoImport(NotFound):
    pass


class NotNow(Conflict):
    """The import is in a state in which this cannot be done."""
