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
from portavoce.conversations.models import WITH_CLIENT
from portavoce.conversations.promise_queries import MENTIONED, OwedRow, owed_by

PER_BRAND = 50
TOGETHER = 150
FEWEST = 3
FEW = 8
"""Brands that one looks over at a glance; see components/queue.html."""


class QueueItem(msgspec.Struct, frozen=True):
    """See components/queue.html. `flag` is a language other than that of the line of business.

    `wakes_at`: it was put aside until then. `first`: it goes before all others, whatever is due. `native`: the brand
    itself answered.
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
    first: bool = False
    with_client: bool = False
    native: bool = False

    @property
    def aside(self) -> bool:
        return self.with_client or self.wakes_at is not None


class BrandCount(msgspec.Struct, frozen=True):
    """A brand of the filter bar."""

    slug: str
    name: str
    monogram: str
    shape: str
    count: int


class Owed(msgspec.Struct, frozen=True):
    """A promise the agent has still to keep, or a note that mentions them."""

    brand: BrandFace
    href: str
    promise: OwedRow


class Lists(msgspec.Struct, frozen=True):
    faces: dict[UUID, BrandFace]
    counts: dict[UUID, int]
    waiting: list[QueueItem]
    mine: list[QueueItem]
    aside: list[QueueItem]
    owed: list[Owed]
    mentions: list[Owed]
    wrapping: list[QueueItem]

    @property
    def bar(self) -> list[BrandCount]:
        """Of many brands, those where somebody waits come first."""
        brands = [
            BrandCount(face.slug, face.name, face.monogram, face.shape, self.counts.get(face.id, 0))
            for face in self.faces.values()
        ]
        return sorted(brands, key=lambda brand: not brand.count) if len(brands) > FEW else brands

    @property
    def total(self) -> int:
        """All who wait, also those past the end of a list cut short."""
        return sum(self.counts.values())

    def queues(self, at_most: int = PER_BRAND) -> list[tuple[BrandFace, list[QueueItem], int]]:
        """Each brand with the first of its waiting contacts, and how many there are of them."""
        return [
            (face, self._waiting_in(brand_id)[:at_most], self.counts.get(brand_id, 0))
            for brand_id, face in self.faces.items()
        ]

    def _waiting_in(self, brand_id: UUID) -> list[QueueItem]:
        return [item for item in self.waiting if item.brand.id == brand_id]


def room_for_each(brands: int) -> int:
    """How many contacts of each a list over so many brands shows: it stays readable, and no brand is left out of it."""
    return max(FEWEST, min(PER_BRAND, TOGETHER // max(1, brands)))


def contact_url(slug: str, interaction_id: UUID) -> str:
    return f"/b/{slug}/interactions/{interaction_id}"


async def read_lists(
    db: AsyncSession, brands: Iterable[UUID], agent: AgentProfile | None, *, wrapping: bool = False
) -> Lists:
    """Everything the left pane shows, in five statements however many brands and contacts there are.

    `wrapping`: the agent has after-contact work, which is a sixth.
    """
    known = await faces(db, brands)
    rows = await owed_by(db, agent.agent_id) if agent else []
    owed = [_owed(row, known[row.brand_id]) for row in rows]
    held = items(await held_by_agent(db, agent.agent_id) if agent else [], known)
    aside = [item for item in held if item.aside]
    return Lists(
        faces=known,
        counts=await waiting_counts(db),
        waiting=items(await queue_of_brands(db, known, room_for_each(len(known))), known),
        mine=[item for item in held if not item.aside],
        aside=sorted(aside, key=_comes_back),
        owed=[each for each in owed if each.promise.kind != MENTIONED],
        mentions=[each for each in owed if each.promise.kind == MENTIONED],
        wrapping=items(await wrapping_up(db, agent.agent_id) if agent and wrapping else [], known),
    )


def _owed(row: OwedRow, brand: BrandFace) -> Owed:
    return Owed(brand, contact_url(brand.slug, row.interaction_id), row)


def _comes_back(item: QueueItem) -> tuple[bool, datetime | UUID]:
    """What comes back by itself, soonest first; then what waits for the client."""
    return (item.wakes_at is None, item.wakes_at or item.id)


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
        first=row.ahead_since is not None,
        with_client=row.state == WITH_CLIENT,
        native=row.native,
    )
