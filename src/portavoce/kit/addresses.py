"""Mail addresses in one spelling, so that equal addresses are equal text."""

import re
import unicodedata

import idna

_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff<>()\[\],;:\\\"@]+")
_ASCII_DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
MAX_OCTETS = 254
MAX_LOCAL_OCTETS = 64


class BadAddress(ValueError):
    """Not an address mail could be sent to."""


def mail_address(value: str) -> str:
    """`local@domain` in lower case, the domain in its ASCII form; keeps `+tag`. Else BadAddress."""
    local, at, domain = value.strip().rpartition("@")
    address = f"{_local(local)}{at}{mail_domain(domain)}"
    if len(address.encode()) > MAX_OCTETS:
        raise BadAddress("longer than an address may be")
    return address


def mail_domain(value: str) -> str:
    """A domain in lower case and ASCII (`caffè.example` is `xn--caff-8oa.example`). Else BadAddress."""
    domain = value.removesuffix(".").lower()
    if not domain.isascii():
        domain = _to_ascii(domain)
    if not _ASCII_DOMAIN.fullmatch(domain):
        raise BadAddress(f"no domain {value!r}")
    return domain


def _local(value: str) -> str:
    local = unicodedata.normalize("NFC", value.lower())
    if not _LOCAL.fullmatch(local) or len(local.encode()) > MAX_LOCAL_OCTETS:
        raise BadAddress(f"no mailbox name {value!r}")
    return local


def _to_ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise BadAddress(f"no domain {domain!r}") from error
