"""Does mail to an address of ours arrive? A real mail by real SMTP to our own listener, which knows it by its mark."""

from __future__ import annotations

import asyncio
import hmac
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.channels.email import headers
from portavoce.channels.email.errors import NoMailbox, Unparsable
from portavoce.channels.email.models import Mailbox, MailboxCheck
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import new_id, now

FIELD = "portavoce-check"
LIFETIME = timedelta(minutes=10)
PATIENCE = timedelta(minutes=2)
"""A test mail that has not arrived by then will not."""
LONGEST = 500
NEAR_THE_TOP = 4096
"""Octets: the mark is the first field of the mail, behind the trace."""
SMTP_SECONDS = 20


class Check(NamedTuple):
    """The latest test of an address."""

    mailbox_id: UUID
    state: str
    asked_at: datetime
    arrived_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class CheckKeys:
    key: bytes

    def mark(self, brand_id: UUID, check_id: UUID, at: datetime) -> str:
        """`check id.seconds.signature`; the brand is signed and not said."""
        body = f"{check_id}.{int(at.timestamp())}"
        return f"{body}.{self._sign(brand_id, body)}"

    def read(self, mark: str, brand_id: UUID, at: datetime) -> UUID | None:
        """The check's id, if we made this mark for this brand and lately."""
        body, _, signature = mark.rpartition(".")
        if not hmac.compare_digest(self._sign(brand_id, body).encode(), signature.encode(errors="replace")):
            return None
        check_id, _, seconds = body.partition(".")
        age = at.timestamp() - int(seconds)
        return UUID(check_id) if -60 <= age <= LIFETIME.total_seconds() else None

    def _sign(self, brand_id: UUID, body: str) -> str:
        return hmac.new(self.key, f"check:{brand_id}:{body}".encode(errors="replace"), sha256).hexdigest()


def check_in(raw: bytes, brand_id: UUID, keys: CheckKeys, at: datetime) -> UUID | None:
    """The check this mail is; None for any other mail."""
    if FIELD.encode() not in raw[:NEAR_THE_TOP].lower():
        return None
    try:
        fields, _ = headers.split(raw)
    except Unparsable:
        return None
    mark = headers.first(fields, FIELD, LONGEST).decode("ascii", "replace").strip()
    return keys.read(mark, brand_id, at) if mark else None


async def note_arrival(database: Database, brand_id: UUID, check_id: UUID) -> None:
    """Once; a mark used again changes nothing, and no conversation either."""
    async with database.begin(Scope.writing(brand_id)) as db:
        await db.execute(
            update(MailboxCheck)
            .where(MailboxCheck.id == check_id, MailboxCheck.state == "waiting")
            .values(state="arrived", arrived_at=now(db))
        )


async def begin_check(db: AsyncSession, mailbox_id: UUID, *, by: str) -> tuple[MailboxCheck, str]:
    """A row that waits, and the address to write to. NoMailbox if the brand has no such address."""
    address = await db.scalar(select(Mailbox.address).where(Mailbox.id == mailbox_id))
    if address is None:
        raise NoMailbox("This address does not exist.")
    check = MailboxCheck(id=new_id(db), mailbox_id=mailbox_id, asked_at=now(db), state="waiting")
    db.add(check)
    audit(db, by, "mailbox.checked", "mailbox", mailbox_id)
    return check, address


async def send_check(
    database: Database, keys: CheckKeys, brand_id: UUID, check_id: UUID, *, address: str, host: str, port: int
) -> None:
    """Write to the address through our listener; what it says other than yes is kept for the page."""
    raw = _letter(address, keys.mark(brand_id, check_id, database.clock.now()), check_id)
    answer = await asyncio.to_thread(_send, host, port, address, raw)
    if answer is None:
        return
    async with database.begin(Scope.writing(brand_id)) as db:
        failed = update(MailboxCheck).where(MailboxCheck.id == check_id, MailboxCheck.state == "waiting")
        await db.execute(failed.values(state="failed", answer=answer[:200]))


async def latest_checks(db: AsyncSession) -> dict[UUID, Check]:
    """The newest of every address of the brands in scope."""
    query = (
        select(
            MailboxCheck.mailbox_id,
            MailboxCheck.state,
            MailboxCheck.asked_at,
            MailboxCheck.arrived_at,
            MailboxCheck.answer,
        )
        .ext(distinct_on(MailboxCheck.brand_id, MailboxCheck.mailbox_id))
        .order_by(
            MailboxCheck.brand_id,
            MailboxCheck.mailbox_id,
            MailboxCheck.asked_at.desc(),
            MailboxCheck.id.desc(),
        )
    )
    at = now(db)
    return {row[0]: _timed_out(Check(*row), at) for row in await db.execute(query)}


def _timed_out(check: Check, at: datetime) -> Check:
    if check.state == "waiting" and at - check.asked_at > PATIENCE:
        return check._replace(state="failed", answer="It was taken and did not arrive.")
    return check


def _letter(address: str, mark: str, check_id: UUID) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = address
    mail["To"] = address
    mail["Subject"] = "Portavoce test"
    mail["Message-ID"] = f"<{check_id}@check.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("A test of this address. It becomes no contact.")
    # In front and as bytes: the standard library would fold a mark this long.
    return f"Portavoce-Check: {mark}\r\n".encode() + mail.as_bytes()


def _send(host: str, port: int, address: str, raw: bytes) -> str | None:
    """None when it was taken, else in words why not."""
    try:
        with smtplib.SMTP(host, port, timeout=SMTP_SECONDS) as client:
            client.sendmail("", [address], raw)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return f"{code} {words.decode('ascii', 'replace')}"
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('ascii', 'replace') if isinstance(said, bytes) else said}"
    except (OSError, smtplib.SMTPException):
        return "Our listener does not answer. Is the engine running?"
    return None
