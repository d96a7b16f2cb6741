"""Who a mail is proved to be from: what the mail server in front of us found, and nothing the mail says of itself.

Of the Authentication-Results (RFC 8601) only the topmost counts, and only when it bears the name of our own server, which
writes it above whatever the sender wrote and removes what bears its name. A sender counts as proved when their domain's
DMARC passed, or a DKIM signature of that very domain or one above it. SPF alone tells which server spoke, not who wrote.
"""

import re

import msgspec

from portavoce.channels.email import charsets, headers
from portavoce.channels.email.headers import Headers

FIELD = "authentication-results"
LONGEST = 4_000
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"[^"]*"')
_METHOD = re.compile(r"(dmarc|dkim)(?:/\d+)?\s*=\s*([a-z]+)")
_PROPERTY = re.compile(r"header\.(from|d|i)\s*=\s*(\S+)")


class Results(msgspec.Struct, frozen=True):
    """By which server, and the domains of which it says that the DMARC check passed, or a signature."""

    server: str = ""
    dmarc: tuple[str, ...] = ()
    dkim: tuple[str, ...] = ()
    failed: bool = False


def results(fields: Headers) -> Results:
    """Of the topmost field; a mail with two senders proves neither."""
    written = charsets.decode(headers.first(fields, FIELD, LONGEST), "us-ascii")[0].lower()
    server, *found = _plain(written).split(";")
    if not found or sum(name == "from" for name, _ in fields) != 1:
        return Results()
    told = [(method[1], method[2], each) for each in found if (method := _METHOD.match(each.strip()))]
    return Results(
        server=server.split()[0] if server.split() else "",
        dmarc=tuple(_domain(each, "from") for method, result, each in told if (method, result) == ("dmarc", "pass")),
        dkim=tuple(_domain(each, "d", "i") for method, result, each in told if (method, result) == ("dkim", "pass")),
        failed=any(method == "dmarc" and result == "fail" for method, result, _ in told),
    )  # fmt: skip


def proves(found: Results, server: str, address: str) -> bool:
    """Whether `server`, our own, found that the mail is from this address's domain. Nothing does without a server."""
    domain = address.rpartition("@")[2]
    if not server or not domain or found.server != server.lower() or found.failed:
        return False
    return domain in found.dmarc or any(_covers(each, domain) for each in found.dkim)


def _plain(written: str) -> str:
    """Without comments, however deep, and quoted words, in which anything may stand."""
    while (less := _COMMENT.sub(" ", written)) != written:
        written = less
    return _QUOTED.sub(" ", written)


def _domain(result: str, *names: str) -> str:
    found = {name: value.rpartition("@")[2] for name, value in _PROPERTY.findall(result)}
    return next((found[name] for name in names if name in found), "")


def _covers(signed: str, domain: str) -> bool:
    return "." in signed and (domain == signed or domain.endswith(f".{signed}"))
