"""Reports about mail of ours: RFC 3464 delivery reports, their home-made relatives, and complaints."""

import re

from portavoce.channels.email import addresses, charsets, headers
from portavoce.channels.email.headers import Headers
from portavoce.channels.email.mail import Bounce, BounceKind, FailedRecipient
from portavoce.channels.email.parts import Gathered

RECIPIENT_LIMIT = 50
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_FIRST_BLANK = re.compile(rb"\r?\n[ \t]*(?:\r?\n)+")
_DAEMON = re.compile(r"(mailer-daemon|postmaster|mdaemon|microsoftexchange[0-9a-f]+)@.*")
_FAILURE = re.compile(
    r"undeliver|delivery (status notification|failure|has failed)|returned mail|failure notice|mail delivery"
    r"|mancato recapito|unzustellbar|non remis|no se puede entregar",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,64}@[A-Za-z0-9.-]{1,250}[A-Za-z0-9]")
_TEXT_LIMIT = 16 * 1024


def recognise(fields: Headers, found: Gathered, *, sender: str, subject: str, text: str) -> Bounce | None:
    """None for mail that is no report; a report that names no recipient still is one."""
    original = _original_id(found)
    kind, parameters = headers.parameters(fields, "content-type")
    report = parameters.get("report-type", "").lower() if kind == "multipart/report" else ""
    if report == "feedback-report":
        return Bounce(kind="complaint", recipients=(), original_message_id=original)
    if found.reports and report != "disposition-notification":
        recipients = tuple(_recipients(found.reports[0]))
        return Bounce(kind=_kind(recipients), recipients=recipients, original_message_id=original)
    if _DAEMON.fullmatch(sender) and _FAILURE.search(subject):
        recipients = _from_words(text[:_TEXT_LIMIT], sender)
        return Bounce(kind=_kind(recipients), recipients=recipients, original_message_id=original)
    return None


def _original_id(found: Gathered) -> str:
    for data in found.originals:
        ids = headers.message_ids(headers.first(headers.split(data)[0], "message-id"), 1)
        if ids:
            return ids[0]
    return ""


def _recipients(report: bytes) -> list[FailedRecipient]:
    """The blocks after the first; some senders put everything into one."""
    blocks = [
        headers.split(block.lstrip())[0] for block in _FIRST_BLANK.split(report.strip())[:RECIPIENT_LIMIT]
    ]
    return [_recipient(block) for block in blocks if any(headers.values(block, "final-recipient"))]


def _recipient(block: Headers) -> FailedRecipient:
    written = headers.first(block, "original-recipient") or headers.first(block, "final-recipient")
    box = addresses.read(written.partition(b";")[2] or written)
    status = _STATUS.search(headers.text(block, "status"))
    return FailedRecipient(
        address=box[0].address if box else "",
        action=headers.word(block, "action"),
        status=status[1] if status else "",
        diagnostic=headers.text(block, "diagnostic-code")[:500],
    )


def _from_words(text: str, sender: str) -> tuple[FailedRecipient, ...]:
    """Reports without a machine-readable part (qmail, old Exchange): the first address and status in the words."""
    status = _STATUS.search(text)
    written = next((item for item in _ADDRESS.findall(text) if item.lower() != sender), "")
    box = addresses.read(written.encode())
    line = next((line for line in text.split("\n") if status and status[1] in line), "")
    return (
        FailedRecipient(
            address=box[0].address if box else "",
            action="failed",
            status=status[1] if status else "",
            diagnostic=charsets.storable(line.strip())[:500],
        ),
    )


def _kind(recipients: tuple[FailedRecipient, ...]) -> BounceKind:
    kinds = [_kind_of(item) for item in recipients]
    order: tuple[BounceKind, ...] = ("policy", "hard", "soft", "delayed", "delivered")
    return next((kind for kind in order if kind in kinds), "unknown")


def _kind_of(item: FailedRecipient) -> BounceKind:
    if item.action in ("delivered", "relayed", "expanded"):
        return "delivered"
    if item.action == "delayed":
        return "delayed"
    if item.status.startswith("4.") or item.status == "5.2.2":
        return "soft"
    if item.status.startswith("5.7."):
        return "policy"
    return "hard" if item.status.startswith("5.") else "unknown"
