"""The brand's customer and the addresses by which it is known; the same human is another row in another brand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, of_brand, one_of, owned
from portavoce.customers.attributes import CHANNELS, KINDS, MOMENTS

PURPOSES = ("marketing", "surveys", "profiling", "third_parties")
CONSENT_CHANNELS = ("any", "email", "phone", "sms", "whatsapp", "post")


class Customer(TenantRow, Base):
    """`version` grows with each change of the profile. `needs`: codes of customers.attributes, comma between them.

    `merged_into`: the customer that stands for this one now, never itself merged. `name_key`: see customers.matching.
    """

    __tablename__ = "customer"
    name: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    needs: Mapped[str] = mapped_column(default="", server_default="")
    preferred_channel: Mapped[str] = mapped_column(default="", server_default="")
    preferred_moment: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    merged_into: Mapped[UUID | None]
    name_key: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__ = (
        of_brand(),
        owned("merged_into", "customer"),
        Index("customer_merged", "brand_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index("customer_named", "brand_id", "name_key", postgresql_where=text("name_key <> ''")),
        one_of("preferred_channel", *CHANNELS),
        one_of("preferred_moment", *MOMENTS),
    )


class CustomerIdentity(TenantRow, Base):
    """`value` is normalised by customers.identities; one owner per brand and channel. `match_key`: customers.matching."""

    __tablename__ = "customer_identity"
    customer_id: Mapped[UUID]
    channel: Mapped[str]
    value: Mapped[str]
    shown: Mapped[str]
    created_at: Mapped[datetime]
    match_key: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__ = (
        owned("customer_id", "customer"),
        UniqueConstraint("brand_id", "channel", "value"),
        Index("customer_identity_match", "brand_id", "match_key", postgresql_where=text("match_key <> ''")),
        Index("customer_identity_customer", "brand_id", "customer_id"),
    )


class CustomerAttribute(TenantRow, Base):
    """What a brand asks about its customers. `choices`: one a line. A retired one keeps its values and is not shown."""

    __tablename__ = "customer_attribute"
    key: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[str]
    masked: Mapped[bool]
    position: Mapped[int]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "key"), one_of("kind", *KINDS))


class CustomerValue(Tenant, Base):
    """One answer; none is no row."""

    __tablename__ = "customer_value"
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    attribute_id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[str]
    __table_args__ = (owned("customer_id", "customer"), owned("attribute_id", "customer_attribute"))


class CustomerConsent(TenantRow, Base):
    """Given or withdrawn; the latest of a purpose and channel counts. Rows go only with their customer."""

    __tablename__ = "customer_consent"
    append_only = True
    customer_id: Mapped[UUID]
    purpose: Mapped[str]
    channel: Mapped[str]
    given: Mapped[bool]
    source: Mapped[str]
    proof: Mapped[str]
    at: Mapped[datetime]
    brand_agent_id: Mapped[UUID]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        one_of("purpose", *PURPOSES),
        one_of("channel", *CONSENT_CHANNELS),
        Index("customer_consent_customer", "brand_id", "customer_id", "at"),
    )


class CustomerChange(TenantRow, Base):
    """Who changed a field from what to what. Personal data, so not in the ledger; rows go only with their customer.

    `field`: a column of the profile, `identity`, `merged`, `parted`, `imported` (with all the file said of somebody new),
    or `attribute` with its id. `merge_id`: the merge that made the change. An agent made it, or an import.
    """

    __tablename__ = "customer_change"
    append_only = True
    customer_id: Mapped[UUID]
    brand_agent_id: Mapped[UUID | None]
    at: Mapped[datetime]
    field: Mapped[str]
    attribute_id: Mapped[UUID | None]
    before: Mapped[str]
    after: Mapped[str]
    merge_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        owned("attribute_id", "customer_attribute"),
        owned("merge_id", "customer_merge"),
        owned("import_id", "customer_import"),
        CheckConstraint("(brand_agent_id IS NULL) <> (import_id IS NULL)", name="author"),
        Index("customer_change_customer", "brand_id", "customer_id", "at"),
    )


class CustomerMerge(TenantRow, Base):
    """Two customers of the brand were found to be one person; `undone_at` when they were not."""

    __tablename__ = "customer_merge"
    survivor_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    at: Mapped[datetime]
    brand_agent_id: Mapped[UUID]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("survivor_id", "customer"),
        owned("merged_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        Index(
            "customer_merge_standing",
            "brand_id",
            "merged_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("customer_merge_survivor", "brand_id", "survivor_id"),
    )


class CustomerMove(Tenant, Base):
    """A row that a merge handed to the survivor, so that it can be given back. `kind`: the table it is of."""

    __tablename__ = "customer_move"
    append_only = True
    merge_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    __table_args__ = (
        owned("merge_id", "customer_merge"),
        Index("customer_move_row", "brand_id", "row_id"),
    )


class CustomerRemoval(TenantRow, Base):
    """An identity that was taken from a profile, as it was, with who did so and why; `undone_at` when it came back."""

    __tablename__ = "customer_removal"
    customer_id: Mapped[UUID]
    identity_id: Mapped[UUID]
    channel: Mapped[str]
    value: Mapped[str]
    shown: Mapped[str]
    since: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]
    brand_agent_id: Mapped[UUID]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("customer_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        Index("customer_removal_customer", "brand_id", "customer_id", "at"),
    )


class CustomerApart(TenantRow, Base):
    """Somebody said that these two, the lower id first, are not one person; `undone_at` when that was taken back."""

    __tablename__ = "customer_apart"
    one_id: Mapped[UUID]
    other_id: Mapped[UUID]
    at: Mapped[datetime]
    brand_agent_id: Mapped[UUID]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        owned("one_id", "customer"),
        owned("other_id", "customer"),
        owned("brand_agent_id", "brand_agent"),
        Index(
            "customer_apart_standing",
            "brand_id",
            "one_id",
            "other_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("customer_apart_other", "brand_id", "other_id"),
    )
