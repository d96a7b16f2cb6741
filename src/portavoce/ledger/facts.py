"""Facts are collected during the unit of work; `writing` numbers and chains them as its last act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.errors import WallError
from portavoce.core.unit import new_id, now, written_brand

COLLECTED = "facts"
SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One change of state. `actor` is a brand_agent id as text, `customer`, or a system code; `data` goes to the body.

    Ids and codes only: a fact outlives the person it is about.
    """

    id: UUID
    brand_id: UUID
    kind: str
    at: datetime
    actor: str
    v: int = 1
    lob_id: UUID | None = None
    care_case_id: UUID | None = None
    interaction_id: UUID | None = None
    brand_agent_id: UUID | None = None
    from_state: str | None = None
    to_state: str | None = None
    cause_id: UUID | None = None
    data: dict[str, object] = field(default_factory=dict)
    draws_ticket: bool = False


def record(
    db: AsyncSession,
    kind: str,
    *,
    actor: str = SYSTEM,
    at: datetime | None = None,
    lob_id: UUID | None = None,
    care_case_id: UUID | None = None,
    interaction_id: UUID | None = None,
    brand_agent_id: UUID | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    cause_id: UUID | None = None,
    draws_ticket: bool = False,
    **data: object,
) -> Fact:
    """Collect a fact of the written brand; it is stored only if the unit of work commits.

    WallError inside a savepoint: one that rolls back would leave its facts behind.
    """
    if db.in_nested_transaction():
        raise WallError("facts are recorded outside savepoints")
    fact = Fact(
        id=new_id(db),
        brand_id=written_brand(db),
        kind=kind,
        at=at or now(db),
        actor=actor,
        lob_id=lob_id,
        care_case_id=care_case_id,
        interaction_id=interaction_id,
        brand_agent_id=brand_agent_id,
        from_state=from_state,
        to_state=to_state,
        cause_id=cause_id,
        draws_ticket=draws_ticket,
        data=data,
    )
    db.info.setdefault(COLLECTED, []).append(fact)
    return fact
