"""What the demo's coffee brand is asked to excuse: an afternoon it has accepted, and a morning it has not decided about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.models import Interaction
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.demo import cast
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground
from portavoce.identity.granting import holders
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.deciding import accept
from portavoce.sla.relief.proposing import APPROVER, PROVIDER, Wish, propose

BRAND = cast.TEAMS[0].slug
LENGTH = timedelta(hours=4)
WORDS = (
    (
        timedelta(days=1),
        Cause.CLIENT_SYSTEM_DOWN,
        "Il portale delle spedizioni del cliente non rispondeva: nessun operatore poteva vedere dove si trovavano i pacchi. "
        "Segnalato per telefono alla vostra sala operativa.",
    ),
    (
        timedelta(hours=6),
        Cause.CLIENT_INFORMATION_LATE,
        "La promozione era già nel negozio in linea, ma le sue condizioni ci sono arrivate solo a metà mattina.",
    ),
)
"""How long ago at least, why, and what was written about it; the first one is accepted."""


async def excuse(ground: Ground, founded: Founded) -> None:
    """Each around the beginning of a contact that was answered late, if there is one."""
    brand_id = founded.brands[BRAND]
    for number, (ago, cause, words) in enumerate(WORDS):
        async with ground.database.begin(Scope.writing(brand_id)) as db:
            await _event(db, brand_id, ago, cause, words, accepted=number == 0)


async def _event(
    db: AsyncSession, brand_id: UUID, ago: timedelta, cause: Cause, words: str, *, accepted: bool
) -> None:
    late = (
        select(Interaction.opened_at)
        .where(Interaction.first_response_at > Interaction.due_at, Interaction.opened_at < now(db) - ago)
        .order_by(Interaction.opened_at.desc())
    )
    opened_at = await db.scalar(late.limit(1))
    people = await holders(db, PROVIDER, brand_id)
    if opened_at is None or not people:
        return
    begun = opened_at.replace(minute=0, second=0, microsecond=0)
    event = await propose(db, None, Wish(cause, begun, begun + LENGTH, words), by=people[0].id)
    if accepted:
        decider = (await holders(db, APPROVER, brand_id))[0]
        await accept(db, event.id, by=decider.id)
