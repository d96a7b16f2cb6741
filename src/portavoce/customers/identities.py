"""One spelling per identity and channel: what decides whether two messages come from the same customer."""

from collections.abc import Callable, Mapping

from portavoce.customers.errors import UnusableIdentity
from portavoce.kit.addresses import mail_address

NORMALISERS: Mapping[str, Callable[[str], str]] = {"email": mail_address}


def normalise(channel: str, value: str) -> str:
    """The value as it is stored and compared; UnusableIdentity if the channel or the value is none we know."""
    if channel not in NORMALISERS:
        raise UnusableIdentity(f"no identities on channel {channel!r}")
    try:
        return NORMALISERS[channel](value)
    except ValueError as error:
        raise UnusableIdentity(str(error)) from error
