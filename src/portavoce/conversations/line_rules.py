"""What a line of business asks of a contact's end: its trees of choices, whether a reason, how long after-contact work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.choices import LineRules, Node
from portavoce.conversations.errors import NoChoice
from portavoce.conversations.joins import on
from portavoce.conversations.models import Disposition

RULES = (
    select(
        LineOfBusiness.reason_required,
        LineOfBusiness.acw_mode,
        LineOfBusiness.acw_s,
        LineOfBusiness.approval,
        Disposition.id,
        Disposition.kind,
        Disposition.parent_id,
        Disposition.code,
        Disposition.label,
        Disposition.position,
        Disposition.retired_at.is_not(None).label("retired"),
    )
    .select_from(LineOfBusiness)
    .outerjoin(Disposition, on(Disposition, Disposition.lob_id, LineOfBusiness.id))
    .where(LineOfBusiness.id == bindparam("lob"))
    .order_by(Disposition.position, Disposition.id)
)


async def line_rules(db: AsyncSession, lob_id: UUID) -> LineRules:
    """Of a line of the one brand in scope, in one statement."""
    rows: list[tuple[Any, ...]] = [tuple(row) for row in await db.execute(RULES, {"lob": lob_id})]
    nodes = tuple(Node(*row[4:]) for row in rows if row[4] is not None)
    reason_required, acw_mode, acw_s, approval = rows[0][:4]
    return LineRules(reason_required, acw_mode, acw_s, nodes, approval)


async def line_of_choice(db: AsyncSession, choice_id: UUID) -> UUID:
    """NoChoice when the brand in scope has no such choice."""
    lob_id = await db.scalar(select(Disposition.lob_id).where(Disposition.id == choice_id))
    if lob_id is None:
        raise NoChoice("This entry does not exist.")
    return lob_id
