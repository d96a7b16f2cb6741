"""Header fields of untrusted mail: split linearly, capped before anything is decoded."""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime

from portavoce.channels.email import charsets
from portavoce.channels.email.errors import Unparsable

Headers = tuple[tuple[str, bytes], ...]

TEXT_LIMIT = 8 * 1024
ADDRESS_LIMIT = 64 * 1024
PARAMETER_LIMIT = 2 * 1024
BLOCK_LIMIT = 1024 * 1024
FIELD_LIMIT = 2_000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:((?:[^\n]*)(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_BLANK = re.compile(rb"[ \t]*\r?\n|\r?\Z")
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"<[^<>\s]{1,990}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def split(raw: bytes) -> tuple[Headers, bytes]:
    """The fields in order (lower-case name, raw value) and the body; a line that is no field starts the body."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    position = _skip_envelope_line(raw)
    fields: list[tuple[str, bytes]] = []
    start = position
    while match := _FIELD.match(raw, position):
        fields.append((match[1].decode("ascii").lower(), match[2]))
        position = match.end()
        if position - start > BLOCK_LIMIT or len(fields) > FIELD_LIMIT:
            raise Unparsable("header block too large")
    if blank := _BLANK.match(raw, position):
        position = blank.end()
    return tuple(fields), raw[position:]


def _skip_envelope_line(raw: bytes) -> int:
    if raw.startswith((b"From ", b">From ")):
        return raw.find(b"\n") + 1
    return 0


def values(headers: Headers, name: str) -> Iterator[bytes]:
    return (value for field, value in headers if field == name)


def first(headers: Headers, name: str, limit: int = TEXT_LIMIT) -> bytes:
    """The topmost value of a field, unfolded and cut to `limit` bytes; empty when absent."""
    return b" ".join(next(values(headers, name), b"")[:limit].split())


def text(headers: Headers, name: str) -> str:
    return decode_words(first(headers, name))


def word(headers: Headers, name: str) -> str:
    """The value's first token in lower case, for fields that hold a keyword."""
    value, _ = charsets.decode(first(headers, name, 256), "us-ascii")
    return value.partition(";")[0].strip().lower()


def message_ids(value: bytes, limit: int) -> list[str]:
    """The ids in order without repetition, at most `limit`, the last ones winning."""
    found = [match.decode("ascii", "replace") for match in _MESSAGE_ID.findall(value[:ADDRESS_LIMIT])]
    return [charsets.storable(item) for item in dict.fromkeys(found)][-limit:]


def parameters(headers: Headers, name: str) -> tuple[str, dict[str, str]]:
    """A structured field such as Content-Type: its lower-case value and its parameters."""
    raw = first(headers, name, PARAMETER_LIMIT)
    message = Message()
    message[name] = charsets.decode(raw, "utf-8")[0]
    try:
        pairs = message.get_params(failobj=[], header=name) or []
        found = {key.lower(): _plain(value) for key, value in reversed(pairs[1:])}
    except (ValueError, LookupError, TypeError):
        pairs, found = [], {}
    kind = pairs[0][0] if pairs else message[name].partition(";")[0]
    return kind.strip().lower(), found


def _plain(value: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(value, tuple):
        charset, _, inner = value
        return charsets.decode(inner.encode("latin-1", "replace"), charset)[0]
    return decode_words(collapse_rfc2231_value(value).encode("utf-8", "replace"))


def date(headers: Headers) -> datetime | None:
    """In UTC, or None when absent or impossible; nothing keeps it from lying about the future."""
    value, _ = charsets.decode(first(headers, "date", 256), "us-ascii")
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def decode_words(raw: bytes) -> str:
    """RFC 2047 without its exceptions: a word that cannot be decoded stays as it is written."""
    source = charsets.decode(raw, "utf-8")[0]
    out: list[str] = []
    position = 0
    pending: tuple[str, bytes] | None = None
    for match in _WORD.finditer(source):
        gap = source[position : match.start()]
        word_charset, data = match[1].partition("*")[0].lower(), _word_bytes(match[2], match[3])
        if pending and pending[0] == word_charset and not gap.strip():
            pending = (word_charset, pending[1] + data)
        else:
            out.append(_flush(pending) + ("" if pending and not gap.strip() else gap))
            pending = (word_charset, data)
        position = match.end()
    joined = "".join(out) + _flush(pending) + source[position:]
    return _CONTROL.sub(" ", joined).strip()


def _flush(pending: tuple[str, bytes] | None) -> str:
    return charsets.decode(pending[1], pending[0])[0] if pending else ""


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data
