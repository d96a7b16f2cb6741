"""What a client of the demo gets by itself: a report every Monday, with what its provider says about the week and the month.

Its days by intervals are told by the first night that the worker sees.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.calendars.turns import last_turn
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.demo import cast
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground
from portavoce.identity.models import Person
from portavoce.reporting.mailing.commentary import write_commentary
from portavoce.reporting.mailing.periods import period_of
from portavoce.reporting.mailing.schedules import Wish, make_schedule, readers_of

LEAVES = 8 * 60
SAID = {
    "weekly": "Settimana regolare: le domande sulla macchina nuova sono scese dopo la guida alla decalcificazione.",
    "monthly": "Il mese chiude con più contatti del solito per la promozione. I ritardi stanno quasi tutti in pochi giorni "
    "di punta: dal prossimo mese in quei giorni c'è una persona in più.",
}


async def tell_the_client(ground: Ground, founded: Founded) -> None:
    """On the last day, for the first of the brands."""
    team = cast.TEAMS[0]
    brand_id = founded.brands[team.slug]
    async with ground.database.begin(Scope.writing(brand_id)) as db:
        readers = [person.id for person in await readers_of(db, brand_id)]
        wish = Wish("weekly", LEAVES, ["pdf", "xlsx"], "it", readers)
        await make_schedule(db, wish, person_id=readers[0])
        await _comment(db)


async def _comment(db: AsyncSession) -> None:
    by = (await db.scalars(select(Person.id).where(Person.email == cast.ADMIN.email))).one()
    for rhythm in ("weekly", "monthly"):
        turn = last_turn(rhythm, 0, cast.ZONE, now(db))
        await write_commentary(db, period_of(rhythm, turn), SAID[rhythm], person_id=by)
