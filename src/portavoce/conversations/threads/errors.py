"""Why two contacts cannot be put together, or parted any more; why one cannot be split, or brought back."""

from portavoce.core.errors import Conflict, Unprocessable


class CannotMerge(Conflict):
    pass


class CannotPart(Conflict):
    pass


class CannotSplit(Unprocessable):
    """Its field says what has to be chosen otherwise: `moved`, or `split_subject`."""


class CannotRejoin(Conflict):
    pass
