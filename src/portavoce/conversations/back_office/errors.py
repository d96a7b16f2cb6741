"""What may be said about a question to the client."""

from portavoce.core.errors import Conflict, NotFound


class NoRequest(NotFound):
    pass


class NotOpen(Conflict):
    """It was answered or taken back meanwhile."""


class OpenAlready(Conflict):
    pass


class NobodyThere(Conflict):
    """No person of the client may answer for this brand."""
