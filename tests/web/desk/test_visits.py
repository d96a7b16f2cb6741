"""A visit at the desk: an entry of its own, no way to answer or reopen it, and a mail contact out of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.agents.models import AgentProfile, BrandAgent
from portavoce.brands.models import Brand
from portavoce.conversations.models import Interaction
from portavoce.conversations.visits.models import Visit
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.shops import add_shop, give_clerk
from portavoce.conversations.visits.telling import Told
from portavoce.onboarding.people import add_person
from tests.web.desk.conftest import Desk, url
from tests.web.desk.house import arrive
from tests.world import HOUSE_NAME

NOTE = "La guarnizione <b>perde</b>."
GINA = "gina.verdi@posta.example"


async def visited(desk: Desk, **said: Any) -> Visit:
    """Of Gina, written down by Pina at Aurora's shop in Milan."""
    async with desk.database.begin(desk.aurora.writing) as db:
        client = await db.scalar(select(Brand.client_id).where(Brand.id == desk.aurora.id))
    person = await add_person(
        desk.database, HOUSE_NAME, name="Pina Banco", email=f"{uuid4().hex}@client.example", locale="it",
        client_id=client, role="client_shop_clerk", brands=[desk.aurora.id], by=desk.anna.person_id,
    )  # fmt: skip
    async with desk.database.begin(desk.aurora.writing) as db:
        query = (
            select(BrandAgent)
            .join(AgentProfile, AgentProfile.agent_id == BrandAgent.agent_id)
            .where(AgentProfile.person_id == person)
        )
        by = (await db.scalars(query)).one()
        shop = await add_shop(db, name="Aurora Duomo", place="Milano", lob_id=desk.aurora.lob_id, by="admin")
        await db.flush()
        await give_clerk(db, shop.id, by.id, by="admin")
    whole: dict[str, Any] = {
        "visitor": "new",
        "name": "Gina Verdi",
        "email": GINA,
        "outcome": "solved",
        **said,
    }
    told = Told(shop_id=shop.id, form_key=uuid4(), note=NOTE, **whole)
    return await desk.database.run(desk.aurora.writing, lambda db: record_visit(db, told, by=by))


async def page_of(desk: Desk, interaction: UUID) -> str:
    answer = await desk.get(url(desk.aurora, interaction), desk.anna)
    assert answer.status_code == 200
    return answer.text


async def test_a_visit_is_an_entry_of_its_own_and_cannot_be_answered_or_reopened(desk: Desk) -> None:
    visit = await visited(desk)
    page = await page_of(desk, visit.interaction_id)
    assert "<b>Visita in negozio: Aurora Duomo</b>, Milano" in page
    assert "La guarnizione &lt;b&gt;perde&lt;/b&gt;." in page
    assert "#i-store" in page
    assert "(Pina," in page
    assert "Risolto" in page
    assert "/messages" not in page
    assert "/reopening" not in page
    assert f'action="{url(desk.aurora, visit.interaction_id, "/continuation")}"' in page
    refused = await desk.post(url(desk.aurora, visit.interaction_id, "/reopening"), desk.anna)
    assert refused.status_code == 409


async def test_writing_by_mail_leads_to_the_contact_that_waits_and_the_visit_stands_above_it(
    desk: Desk,
) -> None:
    visit = await visited(desk)
    there = url(desk.aurora, visit.interaction_id, "/continuation")
    first = await desk.post(there, desk.anna, htmx=False)
    again = await desk.post(there, desk.anna, htmx=False)
    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    async with desk.database.begin(desk.aurora.writing) as db:
        [mail] = (await db.scalars(select(Interaction).where(Interaction.channel == "email"))).all()
    assert first.headers["location"] == url(desk.aurora, mail.id)
    page = await page_of(desk, mail.id)
    assert "La guarnizione &lt;b&gt;perde&lt;/b&gt;." in page
    assert "Visita in negozio: Aurora Duomo" in page
    assert f'href="{url(desk.aurora, mail.id)}"' in await page_of(desk, visit.interaction_id)


async def test_without_an_address_nobody_is_offered_to_write(desk: Desk) -> None:
    visit = await visited(desk, email="", phone="338 555 0142")
    assert "/continuation" not in await page_of(desk, visit.interaction_id)
    refused = await desk.post(url(desk.aurora, visit.interaction_id, "/continuation"), desk.anna, htmx=False)
    assert refused.status_code == 422


async def test_another_contact_of_the_customer_shows_the_visit_before_it(desk: Desk) -> None:
    await visited(desk)
    later, _ = await arrive(desk.database, desk.aurora, customer="Gina Verdi")
    page = await page_of(desk, later)
    assert "Pina: La guarnizione &lt;b&gt;perde&lt;/b&gt;." in page
    assert "Aurora Duomo, Milano" in page
