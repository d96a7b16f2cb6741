"""What a mail is after reading: plain values, safe to store as text."""

from datetime import datetime
from typing import Literal

import msgspec

from portavoce.channels.email.authenticity import Results

BounceKind = Literal["hard", "soft", "policy", "delayed", "delivered", "complaint", "unknown"]


class Attachment(msgspec.Struct, frozen=True):
    """`name` has no path; `content_id` has no angle brackets and may be empty."""

    name: str
    media_type: str
    content_id: str
    inline: bool
    data: bytes


class FailedRecipient(msgspec.Struct, frozen=True):
    """One block of a delivery report: `action` as in RFC 3464, `status` x.y.z or empty."""

    address: str
    action: str
    status: str
    diagnostic: str


class Bounce(msgspec.Struct, frozen=True):
    """A report about a mail of ours; `original_message_id` is empty when the report does not say which."""

    kind: BounceKind
    recipients: tuple[FailedRecipient, ...]
    original_message_id: str


class ParsedMail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail. No text holds NUL, and the ids keep their angle brackets.

    `from_address` is canonical, or empty when the mail names no usable sender. `message_id` is made up from
    the content (`@missing.invalid`) when the sender gave none. `date` is what the sender claims. `defects`
    are short codes of what was wrong, for the person who looks at it. `found`: what a mail server in front says about
    the sender, which counts only if it is ours.
    """

    from_name: str
    from_address: str
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date: datetime | None
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    automatic: bool
    automatic_reason: str
    bounce: Bounce | None
    deployment: str
    defects: tuple[str, ...]
    found: Results = Results()
