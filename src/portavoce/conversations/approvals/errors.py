"""What may be said about a reply that waits for the client's approval."""

from portavoce.core.errors import Conflict, NotFound


class NoApproval(NotFound):
    pass


class Decided(Conflict):
    """It was approved, sent back or taken back meanwhile."""


class Awaited(Conflict):
    """A reply of this contact waits already, or still."""


class NobodyApproves(Conflict):
    """No person of the client may approve for this brand."""
