"""How a line of business works: who chooses what comes next, whether a reason is asked for, how long one wraps up."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.errors import BadLine, NoLine
from portavoce.brands.models import ACW_MODES, APPROVALS, LineOfBusiness

WORK_MODES = ("assisted", "free")
"""`assisted`: "take next" gives out what waits, and agents may choose in the list too. `free`: they choose in the list."""
ACW_LEAST, ACW_MOST = 10, 900
"""Seconds of after-contact work."""


class LineSettings(NamedTuple):
    """`acw_mode`: no after-contact work, only for who asks for it when closing, or after every contact.

    `approval`: which replies the client approves first, one of APPROVALS.
    """

    work_mode: str
    reason_required: bool
    acw_mode: str
    acw_s: int
    approval: str = "never"


async def line(db: AsyncSession, lob_id: UUID) -> LineOfBusiness:
    """Of the written brand, locked against others who change it or what it offers; work goes on meanwhile."""
    query = select(LineOfBusiness).where(LineOfBusiness.id == lob_id).with_for_update(key_share=True)
    found = (await db.scalars(query)).one_or_none()
    if found is None:
        raise NoLine("This page does not exist.")
    return found


async def set_line(db: AsyncSession, lob_id: UUID, wished: LineSettings, *, by: str) -> None:
    """BadLine for what no line can be."""
    if wished.work_mode not in WORK_MODES or wished.acw_mode not in ACW_MODES:
        raise BadLine("Choose one of the options shown.", work_mode="unknown", acw_mode="unknown")
    if wished.approval not in APPROVALS:
        raise BadLine("Choose one of the options shown.", approval="unknown")
    if not ACW_LEAST <= wished.acw_s <= ACW_MOST:
        raise BadLine("Write a number within the bounds shown.", acw_s="bounds")
    row = await line(db, lob_id)
    for name, value in wished._asdict().items():
        setattr(row, name, value)
    audit(db, by, "line.changed", "line_of_business", lob_id, **wished._asdict())


async def settings_of(db: AsyncSession, lob_id: UUID) -> LineSettings:
    columns = [getattr(LineOfBusiness, name) for name in LineSettings._fields]
    found = (await db.execute(select(*columns).where(LineOfBusiness.id == lob_id))).one_or_none()
    if found is None:
        raise NoLine("This page does not exist.")
    return LineSettings(*found)
