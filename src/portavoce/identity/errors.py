"""What a person may be told about signing in and rights."""

from portavoce.core.errors import Conflict, NotFound, Problem, TooMany, Unprocessable


class NotSignedIn(Problem):
    status = 401


class WrongCredentials(Unprocessable):
    pass


class TooManyAttempts(TooMany):
    pass


class LinkUsed(NotFound):
    pass


class WrongPassword(Unprocessable):
    pass


class WeakPassword(Unprocessable):
    pass


class KnownAddress(Conflict):
    pass


class WrongRole(Unprocessable):
    pass


class UnknownPerson(NotFound):
    pass


class BadToken(Problem):
    """One answer for a token that is unknown, too old, taken back or whose maker's access ended."""

    status = 401


class NoToken(NotFound):
    pass


class TooManyTokens(Unprocessable):
    pass
