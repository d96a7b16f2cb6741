"""What is missing in a contract, and what it cannot say."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NothingInForce(Conflict):
    pass


class NoDraft(Conflict):
    """Somebody published or discarded it meanwhile, or nobody began one."""


class NoClause(NotFound):
    pass


class BadClause(Unprocessable):
    """`fields`: what to do about each, by the field's name."""


class BadTerms(Unprocessable):
    """As for a clause."""


class BadStart(Unprocessable):
    pass
