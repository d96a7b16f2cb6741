"""Was this mail written by a machine? Such mail is kept, but never answered and never stops a clock."""

import re

from portavoce.channels.email import headers
from portavoce.channels.email.headers import Headers

_PRECEDENCE = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_FLAGS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress", "x-mail-autoreply")
_LISTS = ("list-id", "list-unsubscribe", "list-post")
_ROBOTS = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|no_reply|do-?not-?reply|non-?rispondere|noreply-.*|.*-noreply|bounces?)"
    r"([+=.-].*)?@.*"
)
_SUBJECT = re.compile(
    r"\W*(risposta automatica|fuori sede|fuori ufficio|assente dall'ufficio|automatische antwort|abwesenheitsnotiz"
    r"|abwesend|réponse automatique|absence du bureau|respuesta automática|fuera de la oficina|automatic reply"
    r"|auto(?:matic)?[- ]?reply|autoreply|out of (?:the )?office)\b",
    re.IGNORECASE,
)


def reason(fields: Headers, *, sender: str, subject: str) -> str:
    """Which rule says so (a short code, the field's name for fields), or empty for a mail of a person."""
    if headers.word(fields, "auto-submitted") not in ("", "no"):
        return "auto-submitted"
    if headers.parameters(fields, "content-type")[0] == "multipart/report":
        return "report"
    if headers.word(fields, "precedence") in _PRECEDENCE:
        return "precedence"
    for name in (*_FLAGS, *_LISTS):
        if headers.word(fields, name):
            return name
    if headers.first(fields, "return-path") == b"<>":
        return "null-return-path"
    if _ROBOTS.fullmatch(sender):
        return "robot-sender"
    return "subject" if _SUBJECT.match(subject) else ""
