"""Canonical JSON of ledger bodies: one text for one value, so that its hash means something.

Keys sorted by code point, no spaces, UTF-8 unescaped. Only objects, lists, text, integers of 64 bits, booleans
and null; instants become RFC 3339 in UTC with microseconds and `Z`, UUIDs their text. Floats have no one text.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_INT64 = range(-(1 << 63), 1 << 63)


class NotCanonical(ValueError):
    """The value has no canonical text: a float, a naive time, NUL, a lone surrogate, a foreign type."""


def dumps(body: Mapping[str, object]) -> str:
    """The canonical text of an object; NotCanonical if any part of it has none."""
    return json.dumps(_object(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """An aware instant as `2026-03-29T01:00:00.000000Z`; NotCanonical if naive."""
    if at.tzinfo is None:
        raise NotCanonical(f"naive time {at}")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    match value:
        case None | bool():
            return value
        case int() if value in _INT64:
            return int(value)
        case str():
            return _text(value)
        case datetime():
            return moment(value)
        case UUID():
            return str(value)
        case Mapping():
            return _object(value)
        case list() | tuple():
            return [_plain(item) for item in value]
    raise NotCanonical(f"no canonical text for {value!r}")


def _object(body: Mapping[str, object]) -> dict[str, object]:
    return {_key(key): _plain(value) for key, value in body.items()}


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"key {key!r} is not text")
    return _text(key)


def _text(value: str) -> str:
    if _UNWRITABLE.search(value):
        raise NotCanonical(f"NUL or lone surrogate in {value!r}")
    return str(value)
