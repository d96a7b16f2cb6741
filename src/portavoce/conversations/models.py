"""conversation (thread) 1–n interaction (handled unit): messages, work, clock, wrap-up and price hang on the latter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, of_brand, one_of, owned

MESSAGE_STATES = (
    "received", "noted", "queued", "sending", "sent", "failed", "uncertain", "withdrawn", "awaiting",
)  # fmt: skip

ASIDE = ("snoozed", "pending")
"""States of a contact that nobody works on until a moment, or until its customer writes."""
WITH_CLIENT = "with_client"
"""The client's back office has been asked, and nobody works on the contact until it has answered."""
NATIVE, ONLY_NATIVE = "native", "direction = 'native'"
"""Direction of what the brand itself wrote to the customer, past us."""


class Conversation(TenantRow, Base):
    __tablename__ = "conversation"
    customer_id: Mapped[UUID]
    lob_id: Mapped[UUID]
    subject: Mapped[str]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("lob_id", "line_of_business"),
        Index("conversation_customer", "brand_id", "customer_id"),
    )


class CareCase(TenantRow, Base):
    """One problem of a customer, over as many contacts as it takes; resolution is measured here.

    Every contact is opened with one: a new thread with its own, what follows an earlier contact with that one's.
    """

    __tablename__ = "care_case"
    customer_id: Mapped[UUID]
    subject: Mapped[str]
    opened_at: Mapped[datetime]
    __table_args__ = (
        owned("customer_id", "customer"),
        Index("care_case_customer", "brand_id", "customer_id", "opened_at"),
    )


class Interaction(TenantRow, Base):
    """One handled unit. `contract_version_id` is the one of its opening; `due_at` is set by the SLA's reaction.

    `brand_agent_id` holds it, or put it aside: snoozed until a moment, or pending on an answer of the customer; or
    asked the client. `lob_id` is the line of business it was opened for, wherever it is passed on: the promise was made
    there, passing on buys no time, and reports count the contact once. Where it waits now its work item says.
    `came_by`: the channel it was opened on and promised for, once it was moved to another one, its `channel` now.
    """

    __tablename__ = "interaction"
    conversation_id: Mapped[UUID]
    lob_id: Mapped[UUID]
    channel: Mapped[str]
    came_by: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting")
    contract_version_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    first_response_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    brand_agent_id: Mapped[UUID | None]
    follows_id: Mapped[UUID | None]
    reason_id: Mapped[UUID | None]
    care_case_id: Mapped[UUID | None]
    __table_args__ = (
        owned("conversation_id", "conversation"),
        owned("care_case_id", "care_case"),
        owned("lob_id", "line_of_business"),
        owned("contract_version_id", "contract_version"),
        owned("brand_agent_id", "brand_agent"),
        owned("follows_id", "interaction"),
        owned("reason_id", "disposition"),
        one_of("state", "waiting", "assigned", *ASIDE, WITH_CLIENT, "closed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closure"),
        Index(
            "interaction_one_open_per_channel",
            "brand_id",
            "conversation_id",
            "channel",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("interaction_conversation", "brand_id", "conversation_id", "opened_at"),
        Index("interaction_case", "brand_id", "care_case_id", "opened_at"),
        Index(
            "interaction_holder",
            "brand_id",
            "brand_agent_id",
            postgresql_where=text("state IN ('assigned', 'snoozed', 'pending', 'with_client')"),
        ),
    )

    @property
    def first_channel(self) -> str:
        """For which everything was promised."""
        return self.came_by or self.channel


class WorkItem(Tenant, Base):
    """What waits for a person. The router reads these heads across brands: no content here, ever.

    `ahead_since`: it was handed on, or its answer came, and nobody was free to have it: it goes before all others.
    """

    __tablename__ = "work_item"
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    lob_id: Mapped[UUID]
    queue_id: Mapped[UUID]
    channel: Mapped[str]
    units: Mapped[int] = mapped_column(default=1)
    skill: Mapped[str | None]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    wakes_at: Mapped[datetime | None]
    ahead_since: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="waiting")
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("lob_id", "line_of_business"),
        owned("queue_id", "queue"),
        one_of("state", "waiting", "assigned", "aside", WITH_CLIENT, "done"),
        CheckConstraint("(state = 'aside') = (wakes_at IS NOT NULL)", name="waking"),
        Index(
            "work_item_waiting",
            "brand_id",
            "ahead_since",
            "due_at",
            "queued_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("work_item_aside", "brand_id", "wakes_at", postgresql_where=text("state = 'aside'")),
    )


class Message(TenantRow, Base):
    """One utterance. `state` of an outgoing one: queued, sending, sent, failed, uncertain (dropped after the dot), or
    withdrawn before it left; awaiting the client's approval before all these. One that must not leave at once has a
    `leaves_at`.

    `form_key` is the form's it was written in: the same form sent again is the same message. Of what the brand itself
    wrote it is made of the channel's name for it.
    `other_sender`: it belongs to the thread, but not the thread's customer wrote it.
    """

    __tablename__ = "message"
    interaction_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    direction: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    author: Mapped[str]
    brand_agent_id: Mapped[UUID | None]
    subject: Mapped[str]
    body: Mapped[str]
    quoted: Mapped[str]
    html: Mapped[str | None]
    automatic: Mapped[bool] = mapped_column(default=False)
    other_sender: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]
    leaves_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    resent_at: Mapped[datetime | None]
    form_key: Mapped[UUID | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("conversation_id", "conversation"),
        owned("brand_agent_id", "brand_agent"),
        one_of("direction", "in", "out", "note", NATIVE),
        one_of("state", *MESSAGE_STATES),
        Index("message_conversation", "brand_id", "conversation_id", "at"),
        Index("message_interaction", "brand_id", "interaction_id", "at"),
        Index("message_native", "brand_id", "interaction_id", "at", postgresql_where=text(ONLY_NATIVE)),
        Index(
            "message_form",
            "brand_id",
            "conversation_id",
            "form_key",
            unique=True,
            postgresql_where=text("form_key IS NOT NULL"),
        ),
    )


class Draft(TenantRow, Base):
    """What somebody has typed on a contact and not sent: one text of each kind, wherever they go on writing."""

    __tablename__ = "draft"
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    kind: Mapped[str]
    body: Mapped[str]
    saved_at: Mapped[datetime]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        one_of("kind", "reply", "note"),
        UniqueConstraint("brand_id", "interaction_id", "brand_agent_id", "kind"),
    )


class Attachment(TenantRow, Base):
    __tablename__ = "attachment"
    message_id: Mapped[UUID]
    file_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content_id: Mapped[str | None]
    inline: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        owned("message_id", "message"),
        owned("file_id", "stored_file"),
        Index("attachment_message", "brand_id", "message_id"),
        Index("attachment_file", "brand_id", "file_id"),
    )


class Disposition(TenantRow, Base):
    """A choice of a line of business: of its tree of outcomes, or of contact reasons; see `conversations.choices`. A retired
    one is not offered any more and stays where it was chosen.
    """

    __tablename__ = "disposition"
    in_reports = True
    lob_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default="outcome", server_default="outcome")
    parent_id: Mapped[UUID | None]
    code: Mapped[str]
    label: Mapped[str]
    position: Mapped[int]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        owned("lob_id", "line_of_business"),
        owned("parent_id", "disposition"),
        one_of("kind", "outcome", "reason"),
        UniqueConstraint("brand_id", "lob_id", "code"),
    )


class Closure(TenantRow, Base):
    """Who closed, when, with which outcome; the latest row of an interaction counts, reopening keeps them all."""

    __tablename__ = "closure"
    interaction_id: Mapped[UUID]
    disposition_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    note: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("disposition_id", "disposition"),
        owned("brand_agent_id", "brand_agent"),
        Index("closure_interaction", "brand_id", "interaction_id", "at"),
    )


class HandlingSegment(TenantRow, Base):
    """Active focus time of one agent on one interaction; several agents and interactions may overlap.

    After-contact work that is timed has its end beforehand: `until`, at the latest.
    """

    __tablename__ = "handling_segment"
    interaction_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(default="handling")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("brand_agent_id", "brand_agent"),
        one_of("part", "handling", "acw"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="forward"),
        Index(
            "handling_segment_open",
            "brand_id",
            "brand_agent_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("handling_segment_interaction", "brand_id", "interaction_id"),
        of_brand(),
    )
