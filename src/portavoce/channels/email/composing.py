"""The outgoing reply as bytes: the brand's name and address, our ids for threading, nothing injectable."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from uuid import UUID

import msgspec

from portavoce.channels.email.addresses import canonical
from portavoce.channels.email.charsets import storable
from portavoce.channels.email.parsing import DEPLOYMENT_HEADER, REFERENCES_LIMIT
from portavoce.kit.addresses import BadAddress

SUBJECT_LIMIT = 500
ID_LIMIT = 500
LOCAL_LIMIT = 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_REPLY_PREFIX = re.compile(r"\s*(?:re|r|aw|sv|rif)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_ID = re.compile(r"<[!-;=?-~]{1,990}>")
_ID_FIELDS = ("message-id", "in-reply-to", "references")


class _Policy(EmailPolicy):
    """Ids are written as they are, one a line: the standard folding would encode the long ones."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _ID_FIELDS:
            return f"{name}: {f'{self.linesep} '.join(value.split())}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit", raise_on_defect=True)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out. `date` is aware; `references` are those of the mail answered, oldest first.

    `reply_to` is the brand's address with the thread's token (see `tagged`), or empty. `deployment` names
    this installation so that it knows its own mail when it comes back. `answers`: false for a mail of its own.
    """

    brand_name: str
    brand_address: str
    to_name: str
    to_address: str
    subject: str
    text: str
    signature: str
    message_id: str
    date: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    automatic: bool = False
    answers: bool = True
    deployment: str = ""


def compose(reply: Reply) -> bytes:
    """Raises BadAddress for an address that cannot be written to; everything else is made to fit."""
    if reply.date.tzinfo is None:
        raise ValueError("the date of a mail is aware")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(reply.brand_name, reply.brand_address)
    message["To"] = _mailbox(reply.to_name, reply.to_address)
    if reply.reply_to:
        message["Reply-To"] = _mailbox(reply.brand_name, reply.reply_to)
    message["Subject"] = subject_of_reply(reply.subject) if reply.answers else _line(reply.subject)
    message["Date"] = reply.date.astimezone(UTC)
    for name, value in _threading(reply):
        message[name] = value
    for name, value in _marks(reply):
        message[name] = value
    message.set_content(_body(reply), charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def new_message_id(token: str, unique: UUID, domain: str) -> str:
    """`<token.unique@domain>`: unique per mail, and the token finds the thread again."""
    return f"<{token}.{unique.hex}@{canonical(f'x@{domain}').partition('@')[2]}>"


def tagged(address: str, token: str) -> str:
    """`care+token@brand`, or empty when the two do not fit the 64 characters before the @."""
    local, _, domain = canonical(address).rpartition("@")
    tagged_local = f"{local}+{token}"
    return f"{tagged_local}@{domain}" if len(tagged_local) <= LOCAL_LIMIT else ""


def subject_of_reply(subject: str) -> str:
    """Unchanged but for one "Re:" in front when no reply prefix of any of our languages is there."""
    plain = _line(subject)[:SUBJECT_LIMIT]
    return plain if _REPLY_PREFIX.match(plain) else f"Re: {plain}".strip()


def _mailbox(name: str, address: str) -> Address:
    value = canonical(address)
    if not value.isascii():
        raise BadAddress("relays do not take letters beyond ASCII before the @")
    return Address(display_name=_line(name)[:200], addr_spec=value)


def _threading(reply: Reply) -> list[tuple[str, str]]:
    if not _ID.fullmatch(reply.message_id):
        raise ValueError("the Message-ID must be one id in angle brackets")
    before = _ids(reply.in_reply_to)[:1]
    chain = [item for item in _ids(*reply.references) if item not in before] + before
    fields = [("Message-ID", reply.message_id)]
    if before:
        fields.append(("In-Reply-To", before[0]))
    if chain:
        fields.append(("References", " ".join(chain[-REFERENCES_LIMIT:])))
    return fields


def _ids(*values: str) -> list[str]:
    found = [item for value in values for item in _ID.findall(value) if len(item) <= ID_LIMIT]
    return list(dict.fromkeys(found))


def _marks(reply: Reply) -> list[tuple[str, str]]:
    fields = [(DEPLOYMENT_HEADER.title(), _line(reply.deployment))] if reply.deployment else []
    if reply.automatic:
        kind = "auto-replied" if reply.answers else "auto-generated"
        fields += [("Auto-Submitted", kind), ("X-Auto-Response-Suppress", "All")]
    return fields


def _body(reply: Reply) -> str:
    text = storable(reply.text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    signature = storable(reply.signature).replace("\r\n", "\n").replace("\r", "\n").strip()
    return f"{text}\n\n-- \n{signature}\n" if signature else f"{text}\n"


def _line(value: str) -> str:
    return " ".join(_CONTROL.sub(" ", storable(value)).split())
