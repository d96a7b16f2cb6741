"""What the demo's coffee brand is asked to excuse: some hours it has accepted, and some it has not decided about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
LENGTH, RECENT = timedelta(hours=4), timedelta(days=14)
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
    """Each over the hours in which most was late, if anything was; the second keeps clear of the first where it can."""
    brand_id, taken = founded.brands[BRAND], list[datetime]()
    for ago, cause, words in WORDS:
        async with ground.database.begin(Scope.writing(brand_id)) as db:
            begun = worst_hours(await _answers(db, now(db) - ago), taken)
            people = await holders(db, PROVIDER, brand_id)
            if begun is None or not people:
                continue
            wish = Wish(cause, begun, begun + LENGTH, words)
            event = await propose(db, None, wish, by=people[0].id)
            if not taken:
                decider = (await holders(db, APPROVER, brand_id))[0]
                await accept(db, event.id, by=decider.id)
            taken.append(begun)


def worst_hours(answers: Iterable[tuple[datetime, bool]], taken: Sequence[datetime]) -> datetime | None:
    """The full hour from which on the late ones of LENGTH outnumber the others most, first among those clear of what is
    taken; the latest of equals.
    """
    known = list(answers)
    begins = {opened_at.replace(minute=0, second=0, microsecond=0) for opened_at, late in known if late}

    def merit(begun: datetime) -> tuple[bool, int, datetime]:
        held = [late for opened_at, late in known if begun <= opened_at < begun + LENGTH]
        clear = all(abs(begun - other) >= LENGTH for other in taken)
        return clear, 2 * sum(held) - len(held), begun

    return max(begins, key=merit, default=None)


async def _answers(db: AsyncSession, before: datetime) -> list[tuple[datetime, bool]]:
    """When what was opened in the days before was opened, and whether it was answered late."""
    query = select(Interaction.opened_at, Interaction.first_response_at > Interaction.due_at).where(
        Interaction.opened_at >= before - RECENT, Interaction.opened_at < before
    )
    return [(opened_at, bool(late)) for opened_at, late in await db.execute(query)]
