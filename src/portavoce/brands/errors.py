"""Why a client, brand or address cannot be added."""

from portavoce.core.errors import NotFound, Unprocessable


class Taken(Unprocessable):
    """Somebody uses it already; never says who."""


class BadBrand(Unprocessable):
    pass


class BadLimit(Unprocessable):
    pass


class NoBrand(NotFound):
    pass


class BadSignal(Unprocessable):
    pass


class NoSignal(NotFound):
    pass


class BadLine(Unprocessable):
    pass


class NoLine(NotFound):
    pass
