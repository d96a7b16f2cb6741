"""A visit is a contact that opens and closes when it happened, without a clock, once for each form, whole or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.brands.lines import LineSettings, set_line
from portavoce.contracts.models import Clause
from portavoce.conversations.aftercare import Promise
from portavoce.conversations.choices import REASON
from portavoce.conversations.defining import add_choice
from portavoce.conversations.desk_queries import queue_of_brands, waiting_counts
from portavoce.conversations.errors import BadMoment, ReasonMissing, UnknownDisposition
from portavoce.conversations.models import CareCase, Closure, Conversation, Interaction, Message, WorkItem
from portavoce.conversations.taking import most_urgent
from portavoce.conversations.visits import recording
from portavoce.conversations.visits.errors import BadVisit, NoShop
from portavoce.conversations.visits.models import Visit
from portavoce.conversations.visits.recording import record_visit
from portavoce.conversations.visits.shops import add_shop, give_clerk, retire_shop, take_clerk
from portavoce.customers.models import Customer, CustomerConsent, CustomerIdentity
from portavoce.ledger.models import Ticket
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import month_of
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.verifying import verify_books
from portavoce.search.finding import find
from tests.conversations.visits.standing import NOTE, clerk_of, stand
from tests.database import NOON
from tests.floor import PERSONAL, Floor, at_once, data, failures

ASKING = LineSettings(work_mode="assisted", reason_required=True, acw_mode="off", acw_s=120)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = (
    Visit,
    Interaction,
    Conversation,
    CareCase,
    Message,
    Closure,
    Customer,
    CustomerConsent,
    Promise,
    Ticket,
)


async def kept(floor: Floor) -> Counter[str]:
    """How much of everything a visit can leave."""
    return Counter({each.__tablename__: len(await floor.rows(each)) for each in KEPT})


async def test_a_visit_is_a_closed_contact_with_number_case_outcome_and_facts_by_its_clerk(
    floor: Floor,
) -> None:
    at = await stand(floor)
    before = await floor.last_n()
    visit = await at.visit()
    contact = await at.contact(visit)
    assert (contact.channel, contact.state, contact.opened_at, contact.closed_at) == (
        "visit",
        "closed",
        NOON,
        NOON,
    )
    assert (contact.brand_agent_id, contact.due_at, contact.first_response_at) == (at.clerk.id, None, None)
    assert (await floor.get(CareCase, contact.care_case_id)).subject == "Aurora Duomo, Milano"  # type: ignore[arg-type]  # -- each contact has one
    assert visit.interaction_id in {each.interaction_id for each in await floor.rows(Ticket)}
    facts = await floor.facts(before)
    assert [each.kind for each in facts] == ["interaction.opened", "note.added", "interaction.closed"]
    assert {(each.actor, each.brand_agent_id) for each in facts} == {(str(at.clerk.id), at.clerk.id)}
    assert (data(facts[0])["channel"], data(facts[0])["shop"]) == ("visit", str(at.shop.id))
    assert data(facts[2])["disposition"] == "solved"
    said = " ".join(each.body.lower() for each in facts)
    assert not [word for word in ("guarnizione", "duomo", "pina", *PERSONAL) if word in said]
    assert [each.author for each in await floor.rows(Message)] == ["Pina"]
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_nobody_waits_for_an_answer_to_a_visit(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    brands = [floor.aurora.id]
    assert (await floor.work(visit.interaction_id)).state == "done"
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await queue_of_brands(db, brands, 10) == []
        assert await waiting_counts(db) == {}
        assert await most_urgent(db, floor.world.anna.agent_id, brands) == []


async def test_the_month_counts_it_and_gives_it_no_clock(floor: Floor) -> None:
    at = await stand(floor)
    await at.visit()
    floor.later(days=2)
    await catch_up(floor.database, floor.aurora.id)
    async with floor.database.begin(floor.aurora.reading, snapshot=True) as db:
        anchor = Anchor(*await last_fact(db, floor.aurora.id), floor.clock.now())
        month = month_of(NOON, "Europe/Rome")
        report = await read_month_report(db, floor.aurora.id, "Europe/Rome", month, anchor)
    figures = {name: report.count(name) for name in ("received", "no_clause", "late", "running", "answered")}
    assert figures == {"received": 1, "no_clause": 1, "late": 0, "running": 0, "answered": 0}


@pytest.mark.parametrize("times", [2, pytest.param(5, marks=pytest.mark.deep)])
async def test_the_same_form_is_one_visit_however_often_and_fast_it_comes(floor: Floor, times: int) -> None:
    at = await stand(floor)
    told = at.told(by_mail=True, email="gina@customer.example", consent=True)
    made = await at_once(*(floor.do(record_visit, told, by=at.clerk) for _ in range(times)))
    assert failures(made) == []
    assert len({each.id for each in made}) == 1  # type: ignore[union-attr]  # -- none failed
    assert (await kept(floor))["visit"] == 1
    assert sorted(each.channel for each in await floor.rows(Interaction)) == ["email", "visit"]
    assert len(await floor.rows(CustomerConsent)) == 1
    again = await floor.do(record_visit, at.told(form_key=told.form_key, note="Altro"), by=at.clerk)
    assert again.id == (await floor.rows(Visit))[0].id
    assert (await kept(floor))["visit"] == 1


async def test_two_clerks_forms_are_two_visits_whatever_their_keys(floor: Floor) -> None:
    at = await stand(floor)
    other, _ = await clerk_of(floor, floor.aurora, "Rino Banco")
    await floor.do(give_clerk, at.shop.id, other.id, by="admin")
    told = at.told()
    await floor.do(record_visit, told, by=at.clerk)
    await floor.do(record_visit, told, by=other)
    assert (await kept(floor))["visit"] == 2


@pytest.mark.parametrize(
    "broken",
    [
        "go_on_by_mail",
        "_consent",
        *(pytest.param(each, marks=pytest.mark.deep) for each in ("_note", "_close")),
    ],
)
async def test_cut_off_in_between_there_is_nothing_and_the_next_try_makes_it_whole(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    at = await stand(floor)
    before = await kept(floor)
    told = at.told(by_mail=True, email="gina@customer.example", consent=True)

    async def dies(*_args: object, **_options: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(recording, broken, dies)
        with pytest.raises(asyncio.CancelledError):
            await floor.do(record_visit, told, by=at.clerk)
    assert await kept(floor) == before
    await floor.do(record_visit, told, by=at.clerk)
    assert (await kept(floor)) - before == Counter(
        visit=1, interaction=2, conversation=1, care_case=1, message=1, closure=1, customer=1,
        customer_consent=1, ticket=2,
    )  # fmt: skip
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_a_clerk_records_only_for_the_shops_they_were_given(floor: Floor) -> None:
    at = await stand(floor)
    other = await floor.do(
        add_shop, name="Aurora Arengario", place="Monza", lob_id=floor.aurora.lob_id, by="admin"
    )
    foreign = await stand(floor, floor.world.bosco, name="Bino Banco", shop="Bosco Centro")
    rino, _ = await clerk_of(floor, floor.aurora, "Rino Banco")
    await floor.do(give_clerk, other.id, rino.id, by="admin")
    before = await kept(floor)
    for shop_id in (other.id, foreign.shop.id, uuid4()):
        with pytest.raises(NoShop):
            await at.visit(shop_id=shop_id)
    await floor.do(take_clerk, at.shop.id, at.clerk.id, by="admin")
    with pytest.raises(NoShop):
        await at.visit()
    await floor.do(give_clerk, at.shop.id, at.clerk.id, by="admin")
    await floor.do(retire_shop, at.shop.id, by="admin")
    with pytest.raises(NoShop):
        await at.visit()
    assert await kept(floor) == before


async def test_it_happened_when_it_did_and_not_later_nor_too_long_ago(floor: Floor) -> None:
    at = await stand(floor)
    floor.later(days=10)
    noon = floor.clock.now()
    visit = await at.visit(occurred_at=noon - 72 * HOUR)
    contact = await at.contact(visit)
    assert (visit.occurred_at, visit.received_at) == (noon - 72 * HOUR, noon)
    assert (contact.opened_at, contact.closed_at) == (noon - 72 * HOUR, noon - 72 * HOUR)
    assert [each.at for each in await floor.rows(Message)] == [noon - 72 * HOUR]
    ahead = await at.visit(occurred_at=noon + timedelta(minutes=5))
    assert ahead.occurred_at == noon
    for moment in (noon + timedelta(minutes=6), noon - 72 * HOUR - timedelta(seconds=1)):
        with pytest.raises(BadVisit) as refused:
            await at.visit(occurred_at=moment)
        assert set(refused.value.fields) == {"occurred"}
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_before_the_brand_was_ours_there_were_no_visits(floor: Floor) -> None:
    at = await stand(floor)
    with pytest.raises(BadVisit) as refused:
        await at.visit(occurred_at=floor.clock.now() - 70 * HOUR)
    assert set(refused.value.fields) == {"occurred"}


async def test_going_on_by_mail_opens_one_mail_contact_of_the_case_whose_clock_runs_from_the_visit(
    floor: Floor,
) -> None:
    at = await stand(floor)
    floor.later(days=7)
    noon = floor.clock.now()
    visit = await at.visit(by_mail=True, email="Gina@Customer.example", occurred_at=noon - HOUR)
    assert visit.continued_id is not None
    seen, mail = await at.contact(visit), await floor.contact(visit.continued_id)
    assert (mail.channel, mail.state, mail.opened_at) == ("email", "waiting", noon - HOUR)
    assert (mail.conversation_id, mail.care_case_id, mail.follows_id) == (
        seen.conversation_id, seen.care_case_id, seen.id,
    )  # fmt: skip
    async with floor.database.begin(floor.aurora.reading) as db:
        target = await db.scalar(select(Clause.target_s).where(Clause.metric == "first_response"))
    assert mail.due_at is not None
    assert target is not None
    assert mail.due_at == (await floor.work(mail.id)).due_at
    assert visit.answer_to == "gina@customer.example"
    assert [each.body for each in await floor.rows(Message)] == [NOTE]
    assert len(await floor.rows(WorkItem)) == 2
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_the_consent_stands_in_the_profile_with_its_shop_and_its_words(floor: Floor) -> None:
    at = await stand(floor)
    await at.visit(consent=True)
    [said] = await floor.rows(CustomerConsent)
    assert (said.purpose, said.channel, said.given) == ("marketing", "any", True)
    assert (said.source, said.brand_agent_id) == ("Negozio: Aurora Duomo, Milano", at.clerk.id)
    assert "può contattarmi per offerte e novità" in said.proof


async def test_what_was_promised_is_due_like_any_promise(floor: Floor) -> None:
    at = await stand(floor)
    due = floor.clock.now() + DAY
    visit = await at.visit(promised="callback", promise="Richiamare sul ricambio", due_at=due)
    [made] = await floor.rows(Promise)
    assert (made.kind, made.wording, made.due_at, made.state) == (
        "callback",
        "Richiamare sul ricambio",
        due,
        "open",
    )
    assert (made.interaction_id, made.brand_agent_id) == (visit.interaction_id, at.clerk.id)
    before = await kept(floor)
    with pytest.raises(BadVisit) as refused:
        await at.visit(promised="promise", promise="Senza data")
    assert set(refused.value.fields) == {"due"}
    with pytest.raises(BadMoment):
        await at.visit(promised="promise", promise="Ieri", due_at=floor.clock.now() - DAY)
    assert await kept(floor) == before


async def test_outcome_and_note_are_asked_for_and_a_reason_where_the_line_does(floor: Floor) -> None:
    at = await stand(floor)
    before = await kept(floor)
    for wrong in ({"outcome": ""}, {"outcome": "nothing"}):
        with pytest.raises(UnknownDisposition):
            await at.visit(**wrong)
    for wrong, field in (
        ({"note": "  "}, "note"),
        ({"note": "x" * 2_001}, "note"),
        ({"visitor": "x"}, "visitor"),
    ):
        with pytest.raises(BadVisit) as refused:
            await at.visit(**wrong)
        assert set(refused.value.fields) == {field}
    await floor.do(set_line, floor.aurora.lob_id, ASKING, by="admin")
    await floor.do(add_choice, floor.aurora.lob_id, kind=REASON, label="Guasto", parent_id=None, by="admin")
    with pytest.raises(ReasonMissing):
        await at.visit()
    assert await kept(floor) == before
    contact = await at.contact(await at.visit(reason="guasto"))
    assert contact.reason_id is not None


async def test_what_the_clerk_wrote_is_found_by_the_desk(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    async with floor.database.begin(floor.aurora.reading) as db:
        hits = await find(db, floor.aurora.id, "guarnizione", kinds=("note",), at_most=5)
        shop = await find(db, floor.aurora.id, "duomo", kinds=("note",), at_most=5)
    assert [each.subject_id for each in hits] == [each.subject_id for each in shop] == [visit.message_id]


async def test_who_is_new_and_known_by_the_number_is_that_customer(floor: Floor) -> None:
    at = await stand(floor)
    first, again = await at.visit(), await at.visit(name="Tutt'altra", phone="+39 338 5550142")
    threads = {(await at.contact(each)).conversation_id for each in (first, again)}
    customers = {each.customer_id for each in await floor.rows(Conversation) if each.id in threads}
    assert (len(threads), len(customers)) == (2, 1)
    assert {each.value for each in await floor.rows(CustomerIdentity)} == {"+393385550142"}


async def test_visitors_without_a_name_are_nobody_twice(floor: Floor) -> None:
    at = await stand(floor)
    nobody = {"visitor": "unnamed", "name": "", "phone": ""}
    await at.visit(**nobody)
    await at.visit(**nobody)
    assert [each.name for each in await floor.rows(Customer)] == ["Visitatore senza nome"] * 2
    assert await floor.rows(CustomerIdentity) == []
    for more, field in (
        ({"consent": True}, "consent"),
        ({"promised": "promise"}, "promised"),
        ({"by_mail": True}, "by_mail"),
    ):
        with pytest.raises(BadVisit) as refused:
            await at.visit(**nobody, **more)
        assert set(refused.value.fields) == {field}
