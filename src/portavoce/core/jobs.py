"""Job envelopes: an outbox id inside a signed brand envelope, JSON only. Redis may forge nothing and read no content."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

VERSION = 1
LIFETIME = timedelta(hours=24)


class BadEnvelope(Exception):
    """Not ours, altered, or too old. The outbox row stays; the sweeper hands it over again."""


class Envelope(msgspec.Struct, frozen=True):
    """`brand_id` None means the house's own outbox; `tries`: how often the row was begun with before."""

    v: int
    topic: str
    brand_id: UUID | None
    outbox_id: UUID
    tries: int
    issued: datetime


def seal(
    key: bytes, topic: str, brand_id: UUID | None, outbox_id: UUID, tries: int, at: datetime
) -> dict[str, str]:
    body = msgspec.json.encode(Envelope(VERSION, topic, brand_id, outbox_id, tries, at)).decode()
    return {"body": body, "sig": _sign(key, body)}


def unseal(key: bytes, sealed: object, at: datetime) -> Envelope:
    """The envelope, or BadEnvelope: the signature is checked before a byte of it is believed."""
    if not isinstance(sealed, dict) or not isinstance(body := sealed.get("body"), str):
        raise BadEnvelope("no envelope")
    if not hmac.compare_digest(_bytes(_sign(key, body)), _bytes(str(sealed.get("sig", "")))):
        raise BadEnvelope("wrong signature")
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
    except msgspec.MsgspecError as error:
        raise BadEnvelope("no envelope") from error
    if envelope.v != VERSION or not timedelta(minutes=-5) < at - envelope.issued < LIFETIME:
        raise BadEnvelope("too old, or of another version")
    return envelope


def _sign(key: bytes, body: str) -> str:
    return hmac.new(key, _bytes(body), sha256).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def serialize(data: dict[str, Any]) -> bytes:
    """What arq itself puts into the result of a job it gives up, an exception, is written as its repr."""
    return msgspec.json.encode(data, enc_hook=repr)


class _Call(msgspec.Struct):
    """A job as arq writes it. What arq would only trip over later is no job."""

    f: str
    a: list[object]
    k: dict[str, object]
    t: int | None
    et: int


def deserialize(data: bytes) -> dict[str, Any]:
    """Raises MsgspecError for what is not a job: arq gives it up and goes on."""
    return msgspec.structs.asdict(msgspec.json.decode(data, type=_Call))
