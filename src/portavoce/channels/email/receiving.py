"""What the listener is told and what it asks for: settings, the mail as it arrived, the recipients behind it."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from typing import Literal
from uuid import UUID

import msgspec

MEGABYTE = 1024 * 1024
_NOT_TRACE = re.compile(r"[^A-Za-z0-9.:@_+=\[\]-]")


class ListenSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds, sizes in octets; `max_held` is for all conversations together. `port` 0 takes a free one; `hostname` is what we call ourselves."""

    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    protocol: Literal["smtp", "lmtp"] = "smtp"
    max_size: int = 25 * MEGABYTE
    max_held: int = 256 * MEGABYTE
    max_recipients: int = 100
    max_connections: int = 100
    idle_timeout: float = 60.0
    data_timeout: float = 600.0
    resolve_timeout: float = 20.0
    accept_timeout: float = 50.0
    linger: float = 5.0


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """One of our addresses; the listener fills in the `tag` behind the +. `max_size` 0: no limit of its own."""

    brand_id: UUID
    endpoint_id: UUID
    address: str
    tag: str = ""
    max_size: int = 0


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One mail as handed over, our own trace fields in front. `envelope_from` is empty for the null path."""

    raw: bytes
    envelope_from: str
    peer: str
    helo: str
    received_at: datetime


class Deferred(Exception):
    """The sender is told with these words, which begin with 451 or 452, to come back; `reason` is a short name."""

    def __init__(self, answer: str, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer
        self.reason = reason


# Both may raise anything: the sender is then told to come back (451), never that the mail was taken.
Known = Callable[[str], Awaitable[Recipient | None]]
Accept = Callable[[Arrival, list[Recipient]], Awaitable[object]]


def by_brand(recipients: list[Recipient]) -> list[list[Recipient]]:
    """Groups of one brand each, in the order in which the brands were first named."""
    first_seen = {item.brand_id: at for at, item in reversed(list(enumerate(recipients)))}
    ordered = sorted(recipients, key=lambda item: first_seen[item.brand_id])
    return [list(group) for _, group in groupby(ordered, key=lambda item: item.brand_id)]


def trace(arrival: Arrival, group: list[Recipient], settings: ListenSettings) -> bytes:
    """Return-Path and Received; the recipient is named only when alone, so that no brand reads of another."""
    addressee = f"\r\n\tfor <{_plain(group[0].address)}>" if len(group) == 1 else ""
    return (
        f"Return-Path: <{_plain(arrival.envelope_from)}>\r\n"
        f"Received: from {_plain(arrival.helo) or 'unknown'} ([{_plain(arrival.peer)}])\r\n"
        f"\tby {settings.hostname} with {'LMTP' if settings.protocol == 'lmtp' else 'ESMTP'}{addressee};\r\n"
        f"\t{format_datetime(arrival.received_at)}\r\n"
    ).encode("ascii")


def _plain(value: str) -> str:
    return _NOT_TRACE.sub("?", value)[:254]
