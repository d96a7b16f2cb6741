"""The shops of the demo's first brand, and what its clerk wrote down at their counters on the last days."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.visits.choosing import choose_shop
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.shops import add_shop, give_clerk
from portavoce.conversations.visits.telling import Told
from portavoce.core.scope import Scope
from portavoce.core.unit import new_id, now
from portavoce.demo import cast
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground, Plan
from portavoce.identity.models import Person

BRAND = cast.TEAMS[0].slug


class Seen(NamedTuple):
    """One visit, so long before the end; in the shop of that place in the cast."""

    ago: timedelta
    shop: int
    note: str
    outcome: str
    name: str = ""
    email: str = ""
    phone: str = ""
    consent: bool = False
    promised: str = ""
    by_mail: bool = False


VISITS = (
    Seen(timedelta(hours=27), 0, "Chiede se la Fjord 2 si può provare in negozio. Provata, torna sabato.", "informed"),
    Seen(
        timedelta(hours=22), 1, "Riporta la Fjord Mini: perde acqua, scontrino presente. Cambiata subito.",
        "replaced", "Chiara Monti", "chiara.monti@posta.example", "+39 338 5550127", consent=True,
    ),
    Seen(
        timedelta(hours=3), 0, "Cerca la Miscela Faro in grani, finita da noi. Vuole sapere quando torna.",
        "callback", "Dario Ferri", phone="+39 347 5550166", promised="Chiamarlo quando arriva la Miscela Faro",
    ),
    Seen(
        timedelta(minutes=50), 0, "L'ordine NC-41684 è arrivato con la tazza rotta, ha lasciato la foto.",
        "forwarded", "Irene Sala", "irene.sala@posta.example", by_mail=True,
    ),
)  # fmt: skip


async def stand_in_shops(ground: Ground, founded: Founded, plan: Plan) -> None:
    """When the last hours are over, all at once. The clerk is found in the first shop."""
    async with ground.database.begin(Scope.writing(founded.brands[BRAND])) as db:
        clerk = await _clerk(db)
        lob_id = (await db.scalars(select(LineOfBusiness.id))).one()
        shops = [
            await add_shop(db, name=name, place=place, lob_id=lob_id, by="admin")
            for name, place in cast.SHOPS
        ]
        await db.flush()
        for shop in shops:
            await give_clerk(db, shop.id, clerk.id, by="admin")
        await db.flush()
        await choose_shop(db, shops[0].id, by=clerk)
        for seen in [each for each in VISITS if plan.end - each.ago > plan.start]:
            await record_visit(db, _told(db, seen, shops[seen.shop].id), by=clerk)


async def _clerk(db: AsyncSession) -> BrandAgent:
    query = (
        select(BrandAgent)
        .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
        .join(Person, Person.id == AgentProfile.person_id)
        .where(Person.email == cast.CLERK)
    )
    return (await db.scalars(query)).one()


def _told(db: AsyncSession, seen: Seen, shop_id: UUID) -> Told:
    due = now(db) + timedelta(days=2) if seen.promised else None
    return Told(
        shop_id=shop_id,
        form_key=new_id(db),
        visitor="new" if seen.name else "unnamed",
        name=seen.name,
        email=seen.email,
        phone=seen.phone,
        note=seen.note,
        outcome=seen.outcome,
        occurred_at=now(db) - seen.ago,
        consent=seen.consent,
        promised="callback" if seen.promised else "",
        promise=seen.promised,
        due_at=due,
        by_mail=seen.by_mail,
    )
