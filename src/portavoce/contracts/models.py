"""The spine that SLA and bill hang on: contract, effective-dated versions, clauses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, TenantRow, of_brand, one_of, owned

METRICS = (
    "first_response", "next_response", "every_response", "resolution", "service_level", "speed_of_answer",
    "abandonment", "accessibility", "handle_time", "first_contact_resolution", "satisfaction", "quality",
    "adherence", "backlog", "back_office", "approval",
)  # fmt: skip
"""The codes of `sla.metrics`, which stands above this module."""


def _terms() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("fee_cents >= 0", name="fee"),
        CheckConstraint("credit_cap_bp >= 0", name="credit_cap"),
        CheckConstraint("bonus_cap_bp >= 0", name="bonus_cap"),
        CheckConstraint("relief_silence_days BETWEEN 1 AND 366", name="relief_silence"),
    )


class Contract(TenantRow, Base):
    __tablename__ = "contract"
    in_reports = True
    client_id: Mapped[UUID] = mapped_column(ForeignKey("pv.client.id"))
    name: Mapped[str]
    __table_args__ = (of_brand(),)


class ContractVersion(TenantRow, Base):
    """In force from `valid_from` until the next version of the same contract. Version 1 is born unpriced.

    `fee_cents` a month is what percentages of credits and bonuses are of; together they reach at most their caps, in basis
    points of it. So many days of silence accept a relief, none where silence decides nothing. Nobody published the version
    that a brand is born with.
    """

    __tablename__ = "contract_version"
    in_reports = True
    contract_id: Mapped[UUID]
    number: Mapped[int]
    valid_from: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="unpriced")
    fee_cents: Mapped[int] = mapped_column(default=0)
    credit_cap_bp: Mapped[int | None]
    bonus_cap_bp: Mapped[int | None]
    relief_silence_days: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    __table_args__ = (
        owned("contract_id", "contract"),
        *_terms(),
        UniqueConstraint("brand_id", "contract_id", "number"),
        UniqueConstraint("brand_id", "valid_from"),
        one_of("state", "unpriced", "signed"),
    )


class Clause(TenantRow, Base):
    """A promise on one lob and channel: `share_bp` (basis points) of a metric within `target_s` open seconds.

    `rule` is everything else it says (`sla.rules`), empty for a share within a time and nothing more; without a calendar
    it runs day and night. Of several clauses of one metric there `ordinal` 1 leads. `back_office` is the client's own
    promise: how soon its back office answers what agents ask it; `approval` how soon its approvers decide about a reply.
    """

    __tablename__ = "clause"
    in_reports = True
    contract_version_id: Mapped[UUID]
    lob_id: Mapped[UUID]
    channel: Mapped[str]
    metric: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=1)
    target_s: Mapped[int | None]
    share_bp: Mapped[int | None]
    calendar_id: Mapped[UUID | None]
    reopen_window_s: Mapped[int]
    rule: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        owned("contract_version_id", "contract_version"),
        owned("lob_id", "line_of_business"),
        owned("calendar_id", "calendar"),
        UniqueConstraint(
            "brand_id", "contract_version_id", "lob_id", "channel", "metric", "ordinal", name="clause_once"
        ),
        one_of("metric", *METRICS),
        CheckConstraint("ordinal > 0", name="ordinal"),
        CheckConstraint("target_s > 0", name="target"),
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share"),
    )


class ContractDraft(TenantRow, Base):
    """What the next version will say of money; one of a contract at most. It is gone once it is published."""

    __tablename__ = "contract_draft"
    contract_id: Mapped[UUID]
    fee_cents: Mapped[int]
    credit_cap_bp: Mapped[int | None]
    bonus_cap_bp: Mapped[int | None]
    relief_silence_days: Mapped[int | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("pv.person.id"))
    __table_args__ = (
        owned("contract_id", "contract"),
        UniqueConstraint("brand_id", "contract_id"),
        *_terms(),
    )


class ClauseDraft(TenantRow, Base):
    """A clause as it will be. `copied_from` is the one in the latest version that it continues."""

    __tablename__ = "clause_draft"
    draft_id: Mapped[UUID]
    copied_from: Mapped[UUID | None]
    lob_id: Mapped[UUID]
    channel: Mapped[str]
    metric: Mapped[str]
    ordinal: Mapped[int]
    target_s: Mapped[int | None]
    share_bp: Mapped[int | None]
    calendar_id: Mapped[UUID | None]
    reopen_window_s: Mapped[int]
    rule: Mapped[str]
    __table_args__ = (
        owned("draft_id", "contract_draft"),
        owned("copied_from", "clause"),
        owned("lob_id", "line_of_business"),
        owned("calendar_id", "calendar"),
        one_of("metric", *METRICS),
        CheckConstraint("ordinal > 0", name="ordinal"),
        CheckConstraint("target_s > 0", name="target"),
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share"),
    )
