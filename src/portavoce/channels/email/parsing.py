"""From any bytes to one `ParsedMail`, or to `Unparsable`; no third outcome."""

from html import escape

from portavoce.channels.email import addresses, authenticity, automatic, bounces, dedupe, headers, parts, text
from portavoce.channels.email.addresses import Mailbox
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.headers import Headers
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.parts import Gathered, Segment

BODY_LIMIT = 1024 * 1024
REFERENCES_LIMIT = 20
DEPLOYMENT_HEADER = "x-portavoce-deployment"
_ONCE = ("from", "to", "cc", "subject", "date", "message-id", "reply-to", "sender")


def parse(raw: bytes) -> ParsedMail:
    """Raises only Unparsable; its reason is a short English phrase for the person who looks at the raw mail."""
    try:
        return _read(raw)
    except Unparsable:
        raise
    except Exception as error:  # a hostile mail must end in quarantine, whatever we forgot
        raise Unparsable(f"unexpected {type(error).__name__}") from error


def _read(raw: bytes) -> ParsedMail:
    if not raw.strip():
        raise Unparsable("empty")
    fields, body = headers.split(raw)
    found = parts.gather(fields, body)
    sender = _one(fields, "from") or _one(fields, "sender") or Mailbox("", "")
    subject = headers.text(fields, "subject")
    words, html, defects = _bodies(found)
    bounce = bounces.recognise(fields, found, sender=sender.address, subject=subject, text=words)
    reason = automatic.reason(fields, sender=sender.address, subject=subject) or ("bounce" if bounce else "")
    ids = headers.message_ids(headers.first(fields, "message-id"), 1)
    date = headers.date(fields)
    defects += _field_defects(fields, sender, named=bool(ids), dated=date is not None)
    reply_to = _one(fields, "reply-to")
    return ParsedMail(
        from_name=sender.name,
        from_address=sender.address,
        reply_to=reply_to.address if reply_to else "",
        to=_all(fields, "to"),
        cc=_all(fields, "cc"),
        subject=subject,
        message_id=ids[0] if ids else f"<{dedupe.key(raw)}@missing.invalid>",
        in_reply_to="".join(headers.message_ids(headers.first(fields, "in-reply-to"), REFERENCES_LIMIT)[:1]),
        references=tuple(
            headers.message_ids(headers.first(fields, "references", headers.ADDRESS_LIMIT), REFERENCES_LIMIT)
        ),
        date=date,
        text=words,
        html=html,
        attachments=tuple(found.attachments),
        automatic=bool(reason),
        automatic_reason=reason,
        bounce=bounce,
        deployment=headers.text(fields, DEPLOYMENT_HEADER)[:100],
        defects=tuple(dict.fromkeys(defects)),
        found=authenticity.results(fields),
    )


def _one(fields: Headers, name: str) -> Mailbox | None:
    """The first mailbox that can be written to, else the first at all."""
    boxes = addresses.read(headers.first(fields, name, headers.ADDRESS_LIMIT))
    return next((box for box in boxes if box.address), boxes[0] if boxes else None)


def _all(fields: Headers, name: str) -> tuple[str, ...]:
    boxes = addresses.read(headers.first(fields, name, headers.ADDRESS_LIMIT))
    return tuple(dict.fromkeys(box.address for box in boxes if box.address))


def _bodies(found: Gathered) -> tuple[str, str | None, list[str]]:
    words = "\n\n".join(_words(segment) for segment in found.segments).strip("\n")
    html = "\n".join(_markup(segment) for segment in found.segments)
    has_html = any(segment.html is not None for segment in found.segments)
    defects = list(found.defects)
    if len(words) > BODY_LIMIT or len(html) > BODY_LIMIT:
        defects.append("body-truncated")
    return words[:BODY_LIMIT], html[:BODY_LIMIT] if has_html else None, defects


def _words(segment: Segment) -> str:
    return segment.text if segment.text is not None else text.from_html(segment.html or "")


def _markup(segment: Segment) -> str:
    return segment.html if segment.html is not None else f"<pre>{escape(segment.text or '')}</pre>"


def _field_defects(fields: Headers, sender: Mailbox, *, named: bool, dated: bool) -> list[str]:
    present = [name for name, _ in fields]
    defects = [f"repeated-{name}" for name in _ONCE if present.count(name) > 1]
    if not sender.address:
        defects.append("no-sender")
    if "@" in sender.name and sender.address not in sender.name.lower():
        defects.append("name-shows-other-address")
    if not named:
        defects.append("no-message-id")
    if not dated:
        defects.append("no-date")
    return defects
