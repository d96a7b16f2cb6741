"""One-time codes that were sent, and links: a contact's customer was found to be one the brand knows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, one_of, owned

WAITING, USED, WORN, REPLACED = "waiting", "used", "worn", "replaced"
VERIFIED, STATED = "verified", "stated"
CODE = "code"
EVIDENCE = ("order", "birth_or_address", "recognised", "other")
"""An order's number was right; the date of birth or the address was; the voice or the face was known; in words."""


class CustomerCode(TenantRow, Base):
    """A code for `customer_id`, sent to an address of theirs. The code is in no row: `keys` makes it from the id.

    `left_at` and `failure` say what became of the mail.
    """

    __tablename__ = "customer_code"
    interaction_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID]
    sent_to: Mapped[str]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    state: Mapped[str] = mapped_column(default=WAITING, server_default=text("'waiting'"))
    left_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    __table_args__ = (
        owned("interaction_id", "interaction"),
        owned("customer_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        one_of("state", WAITING, USED, WORN, REPLACED),
        Index("customer_code_contact", "brand_id", "interaction_id", "at"),
        Index("customer_code_customer", "brand_id", "customer_id", "at"),
    )


class CustomerLink(TenantRow, Base):
    """Why a merge was made at a contact, and how sure it is. Who and when stand at the merge, and its end too."""

    __tablename__ = "customer_link"
    append_only = True
    merge_id: Mapped[UUID]
    interaction_id: Mapped[UUID]
    confidence: Mapped[str]
    evidence: Mapped[str]
    words: Mapped[str]
    code_id: Mapped[UUID | None]
    __table_args__ = (
        owned("merge_id", "customer_merge"),
        owned("interaction_id", "interaction"),
        owned("code_id", "customer_code"),
        UniqueConstraint("brand_id", "merge_id"),
        one_of("confidence", STATED, VERIFIED),
        one_of("evidence", *EVIDENCE, CODE),
        CheckConstraint("(confidence = 'verified') = (evidence = 'code')", name="proof"),
        CheckConstraint("(evidence = 'code') = (code_id IS NOT NULL)", name="code"),
        CheckConstraint("evidence <> 'other' OR words <> ''", name="words"),
    )
