"""What may be said about a lead."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoLead(NotFound):
    pass


class BadLead(Unprocessable):
    """By field: a text, an address that the profile does not have, or the customer's consent is missing."""


class TakenByOther(Conflict):
    """A colleague was faster, or it has ended."""


class NobodyTakes(Conflict):
    """No person of the client may take leads of this brand."""
