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
