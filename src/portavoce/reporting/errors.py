"""What a client may be told about a report."""

from portavoce.core.errors import NotFound, Unprocessable


class NoReport(NotFound):
    """No such month, figure, part or contact; or a state of the ledger that never was."""


class BadSchedule(Unprocessable):
    """The field that is wrong is named among the error's."""


class BadLayout(Unprocessable):
    """As above."""
