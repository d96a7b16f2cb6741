"""One spelling per identity and channel: what decides whether two messages come from the same customer."""

from collections.abc import Callable, Mapping

import phonenumbers

from portavoce.customers.errors import UnusableIdentity
from portavoce.kit.addresses import mail_address

LONGEST_NUMBER = 40
"""Characters that somebody may type for one; the library's time grows with them."""


def normalise(channel: str, value: str, region: str = "") -> str:
    """The value as it is stored and compared; UnusableIdentity if the channel or the value is none we know.

    `region` is the country, as `IT`, whose national numbers may come without their prefix.
    """
    if channel not in NORMALISERS:
        raise UnusableIdentity(f"no identities on channel {channel!r}")
    try:
        return NORMALISERS[channel](value, region)
    except ValueError as error:
        raise UnusableIdentity(str(error)) from error


def _mail(value: str, _region: str) -> str:
    return mail_address(value)


def _phone(value: str, region: str) -> str:
    """E.164: `338 555 0142` in Italy, `+39 3385550142` and `0039-338-5550142` are `+393385550142`."""
    typed = value.strip()
    if len(typed) > LONGEST_NUMBER:
        raise ValueError("longer than a number may be")
    try:
        number = phonenumbers.parse(f"+{typed[2:]}" if typed.startswith("00") else typed, region or None)
    except phonenumbers.NumberParseException as error:
        raise ValueError("no telephone number") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("no telephone number that could be called")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


NORMALISERS: Mapping[str, Callable[[str, str], str]] = {
    "email": _mail,
    "phone": _phone,
    "sms": _phone,
    "whatsapp": _phone,
}
BY_NUMBER = frozenset(channel for channel, spell in NORMALISERS.items() if spell is _phone)
"""Channels on which a customer is known by a telephone number."""
