"""Mail's own rows: the brand's mailboxes, what arrived (or is quarantined), and the mail side of a message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, one_of, owned


class Mailbox(TenantRow, Base):
    """An address of the brand and the line of business behind it; `relay_url` empty means the house relay."""

    __tablename__ = "mailbox"
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("pv.endpoint.id"))
    lob_id: Mapped[UUID]
    address: Mapped[str]
    display_name: Mapped[str]
    signature: Mapped[str]
    __table_args__ = (owned("lob_id", "line_of_business"), UniqueConstraint("brand_id", "endpoint_id"))


class InboundEvent(TenantRow, Base):
    """One accepted mail, kept raw until its period ends (then `file_id` is empty). `quarantined` ones wait for a person."""

    __tablename__ = "inbound_event"
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("pv.endpoint.id"))
    dedupe_key: Mapped[str]
    file_id: Mapped[UUID | None]
    sender: Mapped[str]
    subject: Mapped[str]
    received_at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str | None]
    message_id: Mapped[UUID | None]
    __table_args__ = (
        owned("file_id", "stored_file"),
        owned("message_id", "message"),
        UniqueConstraint("brand_id", "endpoint_id", "dedupe_key"),
        one_of("state", "done", "quarantined", "released", "bounce"),
        Index("inbound_event_state", "brand_id", "state", "received_at"),
        Index("inbound_event_file", "brand_id", "file_id", postgresql_where=text("file_id IS NOT NULL")),
        Index("inbound_event_raw", "brand_id", "received_at", postgresql_where=text("file_id IS NOT NULL")),
    )


class MailboxCheck(TenantRow, Base):
    """A test mail of ours to one of the brand's addresses: a row of its health, never a conversation.

    `arrived` and `failed` are ends; `answer` holds our own listener's words when it did not take the mail.
    """

    __tablename__ = "mailbox_check"
    mailbox_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="waiting")
    answer: Mapped[str | None]
    __table_args__ = (
        owned("mailbox_id", "mailbox"),
        one_of("state", "waiting", "arrived", "failed"),
        Index("mailbox_check_latest", "brand_id", "mailbox_id", "asked_at"),
    )


class Mail(Tenant, Base):
    """RFC 5322 side of a message: ids for threading, the address that was used, the raw file."""

    __tablename__ = "mail"
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    mailbox_id: Mapped[UUID]
    rfc_id: Mapped[str]
    in_reply_to: Mapped[str | None]
    refs: Mapped[str]
    from_address: Mapped[str]
    from_name: Mapped[str]
    to_address: Mapped[str]
    file_id: Mapped[UUID | None]
    __table_args__ = (
        owned("message_id", "message"),
        owned("mailbox_id", "mailbox"),
        owned("file_id", "stored_file"),
        Index("mail_rfc_id", "brand_id", "rfc_id"),
        Index("mail_file", "brand_id", "file_id"),
    )
