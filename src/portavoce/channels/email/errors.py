"""What can go wrong with one mail. Every delivery error says by its class whether to try again."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoMailbox(NotFound):
    pass


class NotDead(Conflict):
    pass


class AlreadyLeft(Conflict):
    pass


class MayHaveArrived(Conflict):
    pass


class Nowhere(Unprocessable):
    """No mail can be written: nobody knows from where, or to whom."""


class Unparsable(Exception):
    """The bytes cannot be read as a mail within our limits; keep them and show them, never drop them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeliveryError(Exception):
    """`code` is the relay's three digits, or 0 when no relay spoke; `text` is fit for an agent's eyes."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}" if code else text)
        self.code = code
        self.text = text


class Permanent(DeliveryError):
    """The relay refused for good; the mail did not leave."""


class Temporary(DeliveryError):
    """The mail certainly did not leave; trying again later cannot double it."""


class RelayTrouble(Temporary):
    """The relay itself is unusable: `kind` is unreachable, certificate, no_starttls, plain_auth or auth.

    Nothing is wrong with the mail, so an administrator must see this.
    """

    def __init__(self, kind: str, code: int, text: str) -> None:
        super().__init__(code, text)
        self.kind = kind


class Uncertain(DeliveryError):
    """The final dot was written and no answer came: the mail may or may not have left. Never resend by machine."""
