"""Why two contacts cannot be put together, or parted any more."""

from portavoce.core.errors import Conflict


class CannotMerge(Conflict):
    pass


class CannotPart(Conflict):
    pass
