"""A client's own report: which parts of the month it shows, in which order, and which promises. The figures stay the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.core.unit import new_id, now
from portavoce.reporting.errors import BadLayout, NoReport
from portavoce.reporting.mailing.models import ReportLayout
from portavoce.sla.rules import Clause

SECTIONS = ("results", "trend", "money", "breaches", "late")
"""The parts of a month, in the order in which it shows them by itself."""
MOST = 20
BY = "portal"


class Layout(msgspec.Struct, frozen=True):
    """Without promises all are shown. A promise is the same one in every version of the contract."""

    id: UUID | None = None
    name: str = ""
    sections: tuple[str, ...] = SECTIONS
    promises: frozenset[str] = frozenset()

    def shows(self, clause: Clause) -> bool:
        return not self.promises or promise_of(clause) in self.promises


WHOLE = Layout()


def promise_of(clause: Clause) -> str:
    """What a clause promises, by line of business, channel, metric and place."""
    return f"{clause.lob_id}/{clause.channel}/{clause.metric}/{clause.ordinal}"


async def make_layout(
    db: AsyncSession, name: str, sections: Sequence[str], promises: Iterable[str], *, person_id: UUID
) -> UUID:
    """BadLayout when it shows nothing, something twice, or what no month has."""
    if not sections or not set(sections) <= set(SECTIONS) or len(set(sections)) < len(sections):
        raise BadLayout("Choose at least one part, and each place once.", sections="wrong")
    standing = select(func.count(ReportLayout.id)).where(ReportLayout.ended_at.is_(None))
    if (await db.scalar(standing) or 0) >= MOST:
        raise BadLayout("A brand has 20 layouts at most. Remove one first.", name="many")
    layout = ReportLayout(
        id=new_id(db),
        name=name,
        sections=",".join(sections),
        promises="\n".join(sorted(set(promises))),
        person_id=person_id,
        made_at=now(db),
    )
    db.add(layout)
    audit(db, BY, "report_layout.made", "report_layout", layout.id)
    audit_house(db, person_id, "report_layout.made", "report_layout", layout.id)
    return layout.id


async def end_layout(db: AsyncSession, layout_id: UUID, *, person_id: UUID) -> None:
    """Pages do not know it any more; schedules that were made with it go on."""
    query = select(ReportLayout).where(ReportLayout.id == layout_id)
    layout = (await db.scalars(query)).one_or_none()
    if layout is None:
        raise NoReport("This page does not exist.")
    if layout.ended_at is None:
        layout.ended_at = now(db)
        audit(db, BY, "report_layout.ended", "report_layout", layout.id)
        audit_house(db, person_id, "report_layout.ended", "report_layout", layout.id)


async def layouts_of(db: AsyncSession) -> list[Layout]:
    """Those of the one brand in scope that are not removed, by name."""
    query = (
        select(ReportLayout.id, ReportLayout.name, ReportLayout.sections, ReportLayout.promises)
        .where(ReportLayout.ended_at.is_(None))
        .order_by(ReportLayout.name, ReportLayout.id)
    )
    return [_layout(*row) for row in await db.execute(query)]


async def find_layout(db: AsyncSession, layout_id: UUID, *, even_ended: bool = False) -> Layout:
    """NoReport for one that the brand in scope does not have."""
    query = select(ReportLayout.id, ReportLayout.name, ReportLayout.sections, ReportLayout.promises).where(
        ReportLayout.id == layout_id
    )
    if not even_ended:
        query = query.where(ReportLayout.ended_at.is_(None))
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise NoReport("This page does not exist.")
    return _layout(*row)


def _layout(layout_id: UUID, name: str, sections: str, promises: str) -> Layout:
    return Layout(layout_id, name, tuple(sections.split(",")), frozenset(filter(None, promises.split("\n"))))
