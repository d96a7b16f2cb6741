"""What an agent may be told."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoAgent(NotFound):
    pass


class NoCapacity(Conflict):
    pass


class NotAvailable(Conflict):
    pass


class UnknownState(Unprocessable):
    pass
