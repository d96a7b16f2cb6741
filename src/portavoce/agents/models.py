"""Workers of the provider: one timeline and one slot each, over all brands; brands know them by an alias."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Agent, Base, Reference, TenantRow, of_brand, one_of

STATES = ("offline", "ready", "working", "acw", "aux", "not_responding")
AUX_CODES = ("break", "meal", "training", "other")


class Site(Reference, Base):
    """A workplace. Without a recorded authorisation no named person's states may be shown."""

    __tablename__ = "site"
    name: Mapped[str]
    country: Mapped[str]
    zone: Mapped[str]
    monitoring_authorised: Mapped[bool] = mapped_column(default=False)


class AgentProfile(Agent, Base):
    __tablename__ = "agent"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("pv.person.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("pv.site.id"))
    display_name: Mapped[str]
    __table_args__ = (UniqueConstraint("person_id"),)


class AgentSlot(Agent, Base):
    """The lock and the capacity of an agent: every verb that touches the agent updates this row first.

    `chosen` is what the person asked for; `state` is what `presence` made of it. `acw_until`: timed after-contact work
    is open, and ends then at the latest. `n` and `hash` head agent_event.
    """

    __tablename__ = "agent_slot"
    used: Mapped[int] = mapped_column(default=0)
    cap: Mapped[int] = mapped_column(default=10)
    chosen: Mapped[str] = mapped_column(default="offline")
    aux: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="offline")
    tail_aux: Mapped[str | None]
    acw_until: Mapped[datetime | None]
    state_seq: Mapped[int] = mapped_column(default=0)
    state_since: Mapped[datetime | None]
    touched: Mapped[int] = mapped_column(default=0)
    n: Mapped[int] = mapped_column(default=0)
    hash: Mapped[bytes]
    __table_args__ = (
        ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"]),
        CheckConstraint("used BETWEEN 0 AND cap", name="capacity"),
        one_of("chosen", "offline", "ready", "acw", "aux"),
        one_of("state", *STATES),
    )


class AgentState(Agent, Base):
    """One gap-free timeline per agent: a row ends where the next begins, chained so that no gap can be written."""

    __tablename__ = "agent_state"
    append_only = True
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    state: Mapped[str]
    aux: Mapped[str | None]
    prev_seq: Mapped[int | None]
    prev_since: Mapped[datetime | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    __table_args__ = (
        ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"]),
        UniqueConstraint("agent_id", "seq", "since"),
        ForeignKeyConstraint(
            ["agent_id", "prev_seq", "prev_since"],
            ["pv.agent_state.agent_id", "pv.agent_state.seq", "pv.agent_state.since"],
        ),
        CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND prev_since IS NULL) OR (seq > 1 AND prev_seq IS NOT NULL"
            " AND prev_since IS NOT NULL AND prev_seq = seq - 1 AND since >= prev_since)",
            name="chain",
        ),
        CheckConstraint("since <= recorded_at + interval '5 minutes'", name="not_future"),
        one_of("state", *STATES),
    )


class AgentSign(Agent, Base):
    """When the agent's page, or the agent, was last heard of. Apart from the slot, so that no verb waits for it."""

    __tablename__ = "agent_sign"
    seen_at: Mapped[datetime]
    __table_args__ = (ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"]),)


class AgentAcw(Agent, Base):
    """Timed after-contact work by the id of its segment: what ended it may be work for another brand, and the segment's
    own brand hears of it later.
    """

    __tablename__ = "agent_acw"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"]),)


class AgentEvent(Agent, Base):
    """The agent's own ledger: same shape as a brand's, one chain per agent."""

    __tablename__ = "agent_event"
    append_only = True
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    kind: Mapped[str]
    v: Mapped[int] = mapped_column(default=1)
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    body: Mapped[str]
    prev: Mapped[bytes]
    hash: Mapped[bytes]
    __table_args__ = (ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"]),)


class BrandAgent(TenantRow, Base):
    """How one brand knows an agent: an id and an alias of its own, so that exports of two clients cannot be joined."""

    __tablename__ = "brand_agent"
    agent_id: Mapped[UUID]
    alias: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (of_brand(), Index("brand_agent_agent", "brand_id", "agent_id", unique=True))
