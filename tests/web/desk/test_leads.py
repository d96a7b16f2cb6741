"""At the desk: the form, what is missing in it, and the lead in the timeline with its outcome."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from portavoce.brands.models import Brand
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.taking import end_lead, take_lead
from portavoce.identity import people
from portavoce.identity.granting import grant
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take

WISH = "Vuole il modello grande."


async def piero(desk: Desk) -> UUID:
    async with desk.database.begin(desk.aurora.writing) as db:
        client_id = await db.scalar(select(Brand.client_id).where(Brand.id == desk.aurora.id))
        one = await people.add_person(
            db,
            name="Piero Sala",
            email=f"{uuid4().hex}@client.example",
            locale="it",
            client_id=client_id,
            by=None,
        )
        await grant(db, one.id, "client_lead_taker", brand_id=desk.aurora.id)
        return one.id


def form(**more: str) -> dict[str, str]:
    return {
        "form_key": str(uuid4()),
        "wording": WISH,
        "with_email": "on",
        "told_where": "Al telefono",
        **more,
    }


async def test_the_form_offers_what_the_profile_has_and_says_what_the_customer_allows(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    page = (await desk.get(url(desk.aurora, interaction, "/lead"), desk.anna, htmx=True)).text
    assert 'name="with_email"' in page
    assert 'name="with_phone"' not in page
    assert "Il profilo non dice che il cliente lo permette." in page
    plain = await desk.get(url(desk.aurora, interaction, "/lead"), desk.anna)
    assert plain.headers["location"] == url(desk.aurora, interaction)


async def test_a_passed_lead_is_in_the_timeline_and_so_is_what_became_of_it(desk: Desk) -> None:
    person = await piero(desk)
    interaction = await take(desk, desk.aurora, desk.anna)
    answer = await desk.post(url(desk.aurora, interaction, "/lead"), desk.anna, form())
    assert answer.status_code == 200, answer.text
    assert WISH in answer.text
    assert "Nessuno l'ha preso" in answer.text
    async with desk.database.begin(desk.aurora.writing) as db:
        lead = (await db.scalars(select(Lead.id))).one()
        await take_lead(db, lead, person_id=person)
        await end_lead(db, lead, "won", "Comprato ieri.", person_id=person)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert "Concluso" in page
    assert "Piero: Comprato ieri." in page


async def test_what_is_missing_is_said_in_the_form_and_nothing_typed_is_lost(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    nobody = await desk.post(url(desk.aurora, interaction, "/lead"), desk.anna, form())
    assert (nobody.status_code, "Nessuno presso il committente" in nobody.text) == (422, True)
    await piero(desk)
    for given, field in ((form(told_where=""), "told_where"), (form(wording=" "), "wording")):
        refused = await desk.post(url(desk.aurora, interaction, "/lead"), desk.anna, given)
        assert (refused.status_code, f'id="f-{field}-err"' in refused.text) == (422, True), field
        assert given["form_key"] in refused.text
        assert given["wording"].strip() in refused.text
    async with desk.database.begin(desk.aurora.writing) as db:
        assert (await db.scalars(select(Lead.id))).all() == []
