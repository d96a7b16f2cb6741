"""The lists of the desk as templates want them: each contact with the face of its brand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile
from portavoce.brands.faces import BrandFace, faces
from portavoce.conversations.desk_queries import (
    QueueRow,
    held_by_agent,
    queue_of_brands,
    waiting_counts,
    wrapping_up,
)

PER_BRAND = 50


class QueueItem(msgspec.Struct, frozen=True):
    """See components/queue.html. `flag` is a language other than that of the line of business.

    `wakes_at`: it was put aside until then.
    """

    id: UUID
    brand: BrandFace
    href: str
    name: str
    channel: str
    text: str
    due_at: datetime | None
    total: timedelta
    flag: str
    lang: str
    wakes_at: datetime | None = None


class BrandCount(msgspec.Struct, frozen=True):
    """A brand of the filter bar."""

    slug: str
    name: str
    monogram: str
    shape: str
    count: int


class Lists(msgspec.Struct, frozen=True):
    faces: dict[UUID, BrandFace]
    counts: dict[UUID, int]
    waiting: list[QueueItem]
    mine: list[QueueItem]
    aside: list[QueueItem]
    wrapping: list[QueueItem]

    @property
    def bar(self) -> list[BrandCount]:
        return [
            BrandCount(face.slug, face.name, face.monogram, face.shape, self.counts.get(face.id, 0))
            for face in self.faces.values()
        ]

    @property
    def total(self) -> int:
        """All who wait, also those past the end of a list cut short."""
        return sum(self.counts.values())

    def waiting_in(self, brand_id: UUID) -> list[QueueItem]:
        return [item for item in self.waiting if item.brand.id == brand_id]


def contact_url(slug: str, interaction_id: UUID) -> str:
    return f"/b/{slug}/interactions/{interaction_id}"


async def read_lists(
    db: AsyncSession, brands: Iterable[UUID], agent: AgentProfile | None, *, wrapping: bool = False
) -> Lists:
    """Everything the left pane shows, in four statements however many brands and contacts there are.

    `wrapping`: the agent has after-contact work, which is a fifth.
    """
    known = await faces(db, brands)
    held = items(await held_by_agent(db, agent.agent_id, known) if agent else [], known)
    aside = [item for item in held if item.wakes_at]
    return Lists(
        faces=known,
        counts=await waiting_counts(db, known),
        waiting=items(await queue_of_brands(db, known, PER_BRAND), known),
        mine=[item for item in held if not item.wakes_at],
        aside=sorted(aside, key=_comes_back),
        wrapping=items(await wrapping_up(db, agent.agent_id, known) if agent and wrapping else [], known),
    )


def _comes_back(item: QueueItem) -> datetime:
    assert item.wakes_at is not None, "it was put aside until then"
    return item.wakes_at


def items(rows: Iterable[QueueRow], known: Mapping[UUID, BrandFace]) -> list[QueueItem]:
    return [_item(row, known[row.brand_id]) for row in rows if row.brand_id in known]


def _item(row: QueueRow, brand: BrandFace) -> QueueItem:
    foreign = row.language != row.lob_language
    return QueueItem(
        id=row.interaction_id,
        brand=brand,
        href=contact_url(brand.slug, row.interaction_id),
        name=row.customer,
        channel=row.channel,
        text=row.snippet or row.subject,
        due_at=row.running_until,
        total=row.promised,
        flag=row.language.upper() if foreign else "",
        lang=row.language,
        wakes_at=row.wakes_at,
    )
