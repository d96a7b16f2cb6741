"""Where mail leaves: the relay of PORTAVOCE_RELAY_URL, or without one the local mailbox that `engine` runs."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portavoce.channels.email.sending import Relay
from portavoce.core.config import Settings

PORTS = {"smtp": 587, "smtps": 465}


class BadRelay(ValueError):
    """The setting is no relay URL; the message says what one looks like."""


def relay_from(settings: Settings) -> Relay:
    """`smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, or `smtp://…?security=none` on a loopback."""
    if not settings.relay_url:
        return Relay(host=settings.host, port=settings.sent_port, security="none")
    url = urlsplit(settings.relay_url)
    if url.scheme not in PORTS or not url.hostname or not _port_is_number(url):
        raise BadRelay("PORTAVOCE_RELAY_URL looks like smtp://user:password@host:587 or smtps://host:465")
    plain = parse_qs(url.query).get("security") == ["none"]
    return Relay(
        host=url.hostname,
        port=url.port or PORTS[url.scheme],
        security="tls" if url.scheme == "smtps" else "none" if plain else "starttls",
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        ca_file=settings.relay_ca_file,
    )


def _port_is_number(url: SplitResult) -> bool:
    try:
        return url.port is None or url.port > 0
    except ValueError:
        return False


def stays_here(settings: Settings) -> bool:
    """Whether mail goes no further than this machine: no relay, or the demo's customers in its place."""
    relay = relay_from(settings)
    return relay.host == settings.host and relay.port == settings.sent_port
