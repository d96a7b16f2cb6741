"""The thread token `v.kid.brand.conversation.mac`: proof, inside an address or id, of where a reply belongs.

It fits a local part beside a mailbox name of up to ten letters, in lower case, and survives upper-casing.
"""

import base64
import hashlib
import hmac
import re
from typing import Literal
from uuid import UUID

import msgspec

from portavoce.channels.email.mail import ParsedMail

VERSION = "1"
MAC_BYTES = 8
KEY_BYTES_MIN = 32
BRAND_LETTERS = 7

_KID = re.compile(r"[a-z0-9]{1,3}")
_TOKEN = re.compile(r"(1)\.([a-z0-9]{1,3})\.([a-z2-7]{7})\.([a-z2-7]{26})\.([a-z2-7]{13})")
_INSIDE = re.compile(r"(?<![a-z0-9])" + _TOKEN.pattern + r"(?![a-z0-9])")


class ForeignToken(Exception):
    """The token is ours and genuine, but of another brand than the one the mail came to."""


class ThreadKeys(msgspec.Struct, frozen=True):
    """Keys by id, of which one signs and all verify: two while a key is being replaced."""

    active_kid: str
    keys: dict[str, bytes]

    def __post_init__(self) -> None:
        if self.active_kid not in self.keys or not all(_KID.fullmatch(kid) for kid in self.keys):
            raise ValueError("the active key is missing, or a key id is not one to three of a-z0-9")
        if any(len(key) < KEY_BYTES_MIN for key in self.keys.values()):
            raise ValueError(f"a thread key has at least {KEY_BYTES_MIN} bytes")


class Found(msgspec.Struct, frozen=True):
    """Where a mail says it belongs; `foreign` when a genuine token of another brand was met and ignored."""

    conversation_id: UUID | None
    source: Literal["", "tag", "in_reply_to", "references", "bounce"]
    foreign: bool


def issue(keys: ThreadKeys, brand_id: UUID, conversation_id: UUID) -> str:
    """52 to 54 characters, the same each time for the same key."""
    signed = f"{VERSION}.{keys.active_kid}.{_short(brand_id)}.{_letters(conversation_id.bytes)}"
    return f"{signed}.{_mac(keys.keys[keys.active_kid], signed)}"


def read(keys: ThreadKeys, token: str, brand_id: UUID) -> UUID | None:
    """The conversation, or None for what we did not sign. Raises ForeignToken when we did, for another brand.

    The conversation still has to be looked up in the brand's own scope.
    """
    match = _TOKEN.fullmatch(token.strip().lower())
    if not match or not (key := keys.keys.get(match[2])):
        return None
    signed, _, mac = match[0].rpartition(".")
    if not hmac.compare_digest(_mac(key, signed), mac):
        return None
    if match[3] != _short(brand_id):
        raise ForeignToken
    return UUID(bytes=base64.b32decode(match[4].upper() + "======"))


def find(mail: ParsedMail, recipient_tag: str, keys: ThreadKeys, brand_id: UUID) -> Found:
    """Looks in the recipient's +tag, then In-Reply-To, References from the newest, and a bounce's original."""
    foreign = False
    bounced = mail.bounce.original_message_id if mail.bounce else ""
    places: tuple[tuple[Literal["tag", "in_reply_to", "references", "bounce"], str], ...] = (
        ("tag", recipient_tag),
        ("in_reply_to", mail.in_reply_to),
        *(("references", reference) for reference in reversed(mail.references)),
        ("bounce", bounced),
    )
    for source, value in places:
        for match in _INSIDE.finditer(value.lower()):
            try:
                conversation_id = read(keys, match[0], brand_id)
            except ForeignToken:
                foreign = True
                continue
            if conversation_id:
                return Found(conversation_id=conversation_id, source=source, foreign=foreign)
    return Found(conversation_id=None, source="", foreign=foreign)


def _mac(key: bytes, signed: str) -> str:
    return _letters(hmac.digest(key, b"portavoce thread token " + signed.encode(), "sha256")[:MAC_BYTES])


def _short(brand_id: UUID) -> str:
    return _letters(hashlib.sha256(brand_id.bytes).digest())[:BRAND_LETTERS]


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
