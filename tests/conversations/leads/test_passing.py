"""A lead: passed by who holds the contact, with the customer's consent, told to the client without a word of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.conversations.errors import HeldByOther
from portavoce.conversations.leads.errors import BadLead, NobodyTakes
from portavoce.conversations.leads.models import Lead
from portavoce.conversations.leads.passing import LONGEST, pass_lead
from portavoce.customers.consenting import note_consent
from portavoce.customers.models import CustomerConsent
from tests.consistency import contradictions
from tests.conversations.back_office.asked import mails
from tests.conversations.leads.passed import SOURCE, WISH, passed, taker
from tests.floor import PERSONAL, Floor, data
from tests.world import HOUSE_NAME


async def test_it_is_stored_told_by_mail_without_a_word_and_a_fact_without_a_name(floor: Floor) -> None:
    one, elsewhere = await taker(floor), await taker(floor, floor.world.bosco)
    floor.pokes.clear()
    lead = await passed(floor)
    (row,) = await floor.rows(Lead)
    assert (row.wording, row.state, row.with_phone, row.with_email) == (WISH, "open", False, True)
    (mail,) = await mails(floor, one)
    assert f"https://care.voxa.example/portal/{floor.aurora.slug}/leads/{lead.id}" in mail
    (fact,) = [each for each in await floor.facts() if each.kind == "lead.passed"]
    assert data(fact) == {"lead": str(lead.id)}
    for said in (mail, fact.body):
        assert not [word for word in (WISH, *PERSONAL) if word.lower() in said.lower()]
    assert await mails(floor, elsewhere) == []
    assert ("interaction", lead.interaction_id) in {(each.view, each.id) for each in floor.pokes}
    assert (await floor.contact(lead.interaction_id)).state == "assigned"
    assert await contradictions(floor) == []


async def test_the_same_form_is_the_same_lead_and_one_mail(floor: Floor) -> None:
    one, contact, key = await taker(floor), await floor.held(), uuid4()
    first = await passed(floor, contact, form_key=key)
    assert (await passed(floor, contact, form_key=key)).id == first.id
    assert len(await mails(floor, one)) == 1


async def test_without_the_customers_word_nothing_is_passed_and_with_it_it_is_kept(floor: Floor) -> None:
    await taker(floor)
    contact = await floor.held()
    with pytest.raises(BadLead) as refused:
        await passed(floor, contact, source=" ")
    assert set(refused.value.fields) == {"source"}
    assert await floor.rows(Lead) == []
    await passed(floor, contact)
    (consent,) = await floor.rows(CustomerConsent)
    assert (consent.purpose, consent.channel, consent.given, consent.source) == (
        "marketing", "email", True, SOURCE,
    )  # fmt: skip
    await passed(floor, contact, source="")
    assert len(await floor.rows(CustomerConsent)) == 1


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        pytest.param([("marketing", "any", True)], False, marks=pytest.mark.deep),
        ([("marketing", "email", True)], False),
        ([("marketing", "phone", True)], True),
        pytest.param([("surveys", "any", True)], True, marks=pytest.mark.deep),
        ([("marketing", "any", True), ("marketing", "email", False)], True),
        ([("marketing", "email", False), ("marketing", "any", True)], False),
    ],
)
async def test_the_latest_word_about_this_channel_or_all_counts(
    floor: Floor, said: list[tuple[str, str, bool]], needed: bool
) -> None:
    await taker(floor)
    lead = await passed(floor, with_email=False)
    for purpose, channel, given in [("marketing", "any", False), *said]:
        floor.later(hours=1)
        await floor.do(
            note_consent, lead.customer_id, purpose=purpose, channel=channel, given=given, source="Modulo",
            by=floor.anna,
        )  # fmt: skip
    if needed:
        with pytest.raises(BadLead):
            await passed(floor, lead.interaction_id, source="")
    else:
        await passed(floor, lead.interaction_id, source="")
    assert len(await floor.rows(Lead)) == 2 - needed


async def test_only_its_holder_passes_one_with_words_and_an_address_there_is(floor: Floor) -> None:
    contact = await floor.held()
    with pytest.raises(NobodyTakes):
        await passed(floor, contact)
    await taker(floor)
    for text, wished, field in (
        (" ", {}, "wording"),
        ("x" * (LONGEST + 1), {}, "wording"),
        (WISH, {"with_phone": True}, "with_phone"),
        (WISH, {"source": "x" * 501}, "source"),
    ):
        with pytest.raises(BadLead) as refused:
            await passed(floor, contact, text, **wished)
        assert set(refused.value.fields) == {field}
    with pytest.raises(HeldByOther):
        await floor.do(
            pass_lead, HOUSE_NAME, contact, WISH, with_phone=False, with_email=False, form_key=uuid4(),
            source=SOURCE, by=floor.bruno,
        )  # fmt: skip
    assert await floor.rows(Lead) == []
    assert await floor.rows(CustomerConsent) == []
