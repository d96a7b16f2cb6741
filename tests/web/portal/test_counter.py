"""The counter of a shop: looked up, masked, written down; and nothing else of the brand is there for a clerk."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, update

from portavoce.audit.models import AuditEntry
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.aftercare import Promise
from portavoce.conversations.choices import REASON
from portavoce.conversations.defining import add_choice
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.conversations.visits.looking_up import LOOKED_UP
from portavoce.conversations.visits.models import Visit
from portavoce.conversations.visits.shops import add_shop, give_clerk
from portavoce.core.scope import HOUSE
from portavoce.customers.finding import find_or_create
from portavoce.customers.models import Customer, CustomerConsent
from portavoce.identity.models import Person
from portavoce.web.portal.counter import QUARTER_OF_A_CLERK
from tests.conversations.conftest import counted
from tests.conversations.visits.standing import NOTE, Stand, clerk_of, stand
from tests.floor import Floor
from tests.molds import Mold
from tests.web.browsing import PASSWORD, QUICK, Browser, Site
from tests.world import Cast, World

MAIL = "mario.rossi@studio.example"
WHOLE = ("mario", "rossi", "studio.example")


@dataclass(frozen=True, slots=True)
class Shop:
    """Pina stands in Aurora's shop, where Mario Rossi is a customer."""

    site: Site
    at: Stand
    pina: Browser

    @property
    def here(self) -> str:
        return f"/portal/{self.at.brand.slug}/counter"

    @property
    def floor(self) -> Floor:
        return self.at.floor

    def form(self, **more: str) -> dict[str, str]:
        whole = {
            "form_key": str(uuid4()), "shop": str(self.at.shop.id), "visitor": "new", "name": "Gina Verdi",
            "phone": "338 555 0142", "note": NOTE, "disposition": "solved", **more,
        }  # fmt: skip
        return {name: value for name, value in whole.items() if value}

    async def save(self, **more: str) -> httpx.Response:
        await self.pina.get(self.here)
        return await self.pina.post(f"{self.here}/visits", self.form(**more))

    async def asks(self, who: str, **more: str) -> httpx.Response:
        await self.pina.get(self.here)
        return await self.pina.post(f"{self.here}/lookup", {"who": who, **more})

    async def lookups(self) -> int:
        return len([each for each in await self.floor.rows(AuditEntry) if each.action == LOOKED_UP])


async def enter(the_site: Site, browser: Browser, person_id: object) -> None:
    """With a password of one's own, as an invitation gives it."""
    async with the_site.database.begin(HOUSE) as db:
        stored = await QUICK.hash(PASSWORD)
        await db.execute(
            update(Person).where(Person.id == person_id).values(password_hash=stored, locale="en")
        )
        email = await db.scalar(select(Person.email).where(Person.id == person_id))
    assert email is not None
    await browser.sign_in(email)


@pytest.fixture
async def shop(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Shop]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    clock: Any = the_site.database.clock
    at = await stand(Floor(world, clock))
    await at.floor.do(find_or_create, "email", MAIL, "Mario Rossi", "it")
    async with the_site.browser() as one:
        await enter(the_site, one, at.person_id)
        yield Shop(the_site, at, one)


def lookup_in(page: str) -> str:
    found = re.search(r'name="lookup" value="([0-9a-f-]*)"', page)
    assert found is not None
    return found[1]


async def test_a_clerk_is_led_to_the_counter_of_their_shop(shop: Shop) -> None:
    assert (await shop.pina.get("/")).headers["location"] == "/portal"
    assert (await shop.pina.get("/portal")).headers["location"] == shop.here
    page = (await shop.pina.get(shop.here)).text
    assert "<b>Aurora Duomo</b>, Milano" in page
    assert not [word for word in WHOLE if word in page.lower()]


async def test_a_look_up_shows_a_mask_and_keeps_what_was_typed(shop: Shop) -> None:
    before = await shop.lookups()
    answer = await shop.asks(MAIL, note=NOTE, disposition="solved", form_key=(key := str(uuid4())))
    assert answer.status_code == 200
    page = answer.text
    assert "<b>M••• R•••</b>" in page
    assert "m•••@s•••.example" in page
    assert NOTE in page
    assert key in page
    assert re.search(r'value="solved" checked', page)
    assert not [word for word in ("Mario", "Rossi") if word in page]
    assert page.count(MAIL) == 1, "in the field where the clerk typed it"
    assert await shop.lookups() == before + 1
    missed = await shop.asks("nobody@studio.example")
    assert "Nobody is known by this." in missed.text
    assert lookup_in(missed.text) == ""
    assert await shop.lookups() == before + 2


async def test_a_visit_of_whom_was_looked_up_is_saved_with_its_number(shop: Shop) -> None:
    lookup = lookup_in((await shop.asks(MAIL)).text)
    saved = await shop.save(visitor="known", lookup=lookup, name="", phone="", consent="on")
    assert saved.status_code == 303, saved.text
    [visit] = await shop.floor.rows(Visit)
    assert saved.headers["location"] == f"{shop.here}?saved={visit.id}"
    page = (await shop.pina.get(saved.headers["location"])).text
    assert "Saved as contact no. 1." in page
    assert not [word for word in WHOLE if word in page.lower()]
    thread = await shop.floor.get(Conversation, (await shop.at.contact(visit)).conversation_id)
    customer = await shop.floor.get(Customer, thread.customer_id)
    assert customer.name == "Mario Rossi"
    [consent] = await shop.floor.rows(CustomerConsent)
    assert (consent.customer_id, "Aurora può contattarmi" in consent.proof) == (customer.id, True)


async def test_the_same_form_sent_twice_is_one_visit(shop: Shop) -> None:
    form = shop.form(by_mail="on", email="gina@customer.example")
    await shop.pina.get(shop.here)
    answers = [await shop.pina.post(f"{shop.here}/visits", form) for _ in range(2)]
    assert len({each.headers["location"] for each in answers}) == 1
    assert len(await shop.floor.rows(Visit)) == 1
    assert sorted(each.channel for each in await shop.floor.rows(Interaction)) == ["email", "visit"]


async def test_a_form_that_waited_says_when_it_was_filled_in(shop: Shop) -> None:
    now = shop.site.database.clock.now()
    then = now.replace(microsecond=0)
    shop.site.database.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]  # -- the clock of tests
    waited = await shop.save(filled=then.isoformat().replace("+00:00", "Z"))
    assert waited.status_code == 303, waited.text
    assert [each.occurred_at for each in await shop.floor.rows(Visit)] == [then]
    zone, wall = ZoneInfo("Europe/Rome"), "%Y-%m-%dT%H:%M"
    for wrong, said in (
        ({"filled": (now + timedelta(days=1)).isoformat()}, "This moment is still to come."),
        (
            {"occurred": f"{(now + timedelta(days=1)).astimezone(zone):{wall}}"},
            "This moment is still to come.",
        ),
        ({"occurred": f"{(now - timedelta(days=4)).astimezone(zone):{wall}}"}, "within 72 hours."),
        ({"occurred": "soon"}, "Write a day and a time."),
    ):
        refused = await shop.save(**wrong)
        assert (refused.status_code, said in refused.text, NOTE in refused.text) == (422, True, True), wrong
    assert len(await shop.floor.rows(Visit)) == 1


async def test_a_promise_has_a_day_on_the_brands_clock(shop: Shop) -> None:
    day = shop.site.database.clock.now() + timedelta(days=2)
    saved = await shop.save(promised="promise", promise="Il pezzo", due=f"{day:%Y-%m-%d}T09:00")
    assert saved.status_code == 303, saved.text
    [made] = await shop.floor.rows(Promise)
    assert made.wording == "Il pezzo"
    assert f"{made.due_at.astimezone():%M}" == "00"
    refused = await shop.save(promised="promise", promise="Il pezzo", due="")
    assert (refused.status_code, 'id="f-due-err"' in refused.text) == (422, True)


async def test_what_is_missing_is_said_under_its_field_and_nothing_is_lost(shop: Shop) -> None:
    await shop.pina.get(shop.here)
    for more, field in (
        ({"disposition": ""}, "disposition"), ({"note": ""}, "note"), ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"), ({"visitor": "known"}, "visitor"),
    ):  # fmt: skip
        refused = await shop.pina.post(f"{shop.here}/visits", shop.form(**more))
        assert refused.status_code == 422
        assert f'id="f-{field}-err"' in refused.text
        assert more.get("note", NOTE) in refused.text
    assert await shop.floor.rows(Visit) == []


async def test_look_ups_are_few_and_the_form_survives_their_end(shop: Shop) -> None:
    await shop.pina.get(shop.here)
    for _ in range(QUARTER_OF_A_CLERK.attempts):
        assert (await shop.pina.post(f"{shop.here}/lookup", {"who": "a@b.example"})).status_code == 200
    before = await shop.lookups()
    ended = await shop.pina.post(f"{shop.here}/lookup", {"who": MAIL, "note": NOTE})
    assert (ended.status_code, "Too many attempts." in ended.text, NOTE in ended.text) == (429, True, True)
    assert "M•••" not in ended.text
    assert await shop.lookups() == before
    lookup = str(uuid4())
    also = await shop.save(visitor="known", lookup=lookup, email=MAIL)
    assert (also.status_code, "Too many attempts." in also.text) == (422, True)
    assert (await shop.save()).status_code == 303


async def test_another_shop_and_another_brand_are_not_there(shop: Shop) -> None:
    floor, bosco = shop.floor, shop.floor.world.bosco
    other = await floor.do(
        add_shop, name="Aurora Arengario", place="Monza", lob_id=floor.aurora.lob_id, by="admin"
    )
    foreign = await stand(floor, bosco, name="Bino Banco", shop="Bosco Centro")
    await shop.pina.get(shop.here)
    for shop_id in (other.id, foreign.shop.id, uuid4()):
        assert (await shop.pina.post(f"{shop.here}/shop", {"shop": str(shop_id)})).status_code == 404
        assert (await shop.pina.post(f"{shop.here}/visits", shop.form(shop=str(shop_id)))).status_code == 404
    away = f"/portal/{bosco.slug}/counter"
    assert (await shop.pina.get(away)).status_code == 404
    for act in ("shop", "lookup", "visits"):
        assert (await shop.pina.post(f"{away}/{act}", shop.form(who=MAIL))).status_code == 404
    assert await floor.rows(Visit) == []
    assert await floor.rows(Visit, bosco) == []


async def test_nothing_else_of_the_brand_is_there_for_a_clerk(shop: Shop) -> None:
    saved = await shop.save()
    [visit] = await shop.floor.rows(Visit)
    assert saved.status_code == 303
    slug, contact = shop.at.brand.slug, visit.interaction_id
    thread = await shop.floor.get(Conversation, (await shop.at.contact(visit)).conversation_id)
    for path in (
        f"/portal/{slug}", f"/portal/{slug}/2026-03", f"/portal/{slug}/isolation", f"/portal/{slug}/requests",
        f"/portal/{slug}/approvals", f"/portal/{slug}/leads", f"/portal/{slug}/contacts/{contact}",
        f"/portal/{slug}/guard/2026-03", f"/b/{slug}/interactions/{contact}",
        f"/b/{slug}/customers/{thread.customer_id}", "/desk", "/desk/search", "/desk/palette?q=mario", "/admin",
        f"/admin/b/{slug}/shops",
    ):  # fmt: skip
        assert (await shop.pina.get(path)).status_code == 404, path
    await shop.pina.get(shop.here)
    for path in (f"/b/{slug}/interactions/{contact}/notes", f"/b/{slug}/interactions/{contact}/continuation"):
        assert (await shop.pina.post(path, {"text": "x"})).status_code == 404, path
    assert len(await shop.floor.rows(Message)) == 1


async def test_others_of_the_client_have_no_counter(shop: Shop) -> None:
    viewer = await shop.site.person("client_viewer", brand=shop.at.brand.id, name="Carla Longo")
    async with shop.site.browser() as browser:
        await browser.sign_in(viewer.email)
        assert (await browser.get(shop.here)).status_code == 404
        await browser.get("/preferences")
        assert (await browser.post(f"{shop.here}/lookup", {"who": MAIL})).status_code == 404
        assert (await browser.post(f"{shop.here}/visits", shop.form())).status_code == 404


async def test_a_number_is_told_to_whoever_saved_the_visit(shop: Shop) -> None:
    await shop.save()
    [visit] = await shop.floor.rows(Visit)
    other, person_id = await clerk_of(shop.floor, shop.at.brand, "Rino Banco")
    await shop.floor.do(give_clerk, shop.at.shop.id, other.id, by="admin")
    async with shop.site.browser() as browser:
        await enter(shop.site, browser, person_id)
        for saved in (str(visit.id), str(uuid4()), "x"):
            page = await browser.get(f"{shop.here}?saved={saved}")
            assert (page.status_code, "Saved as contact" in page.text) == (200, False)


async def test_who_has_the_role_and_no_shop_is_told_whom_to_ask(shop: Shop) -> None:
    bare = await shop.site.person("client_shop_clerk", brand=shop.at.brand.id, name="Lia Moro")
    _, fresh = await clerk_of(shop.floor, shop.at.brand, "Rino Banco")
    async with shop.site.browser() as browser:
        await browser.sign_in(bare.email)
        assert "No shop yet" in (await browser.get(shop.here)).text
        await browser.get("/preferences")
        assert (await browser.post(f"{shop.here}/visits", shop.form())).status_code == 404
        assert (await browser.post(f"{shop.here}/lookup", {"who": MAIL})).status_code == 404
    async with shop.site.browser() as browser:
        await enter(shop.site, browser, fresh)
        assert "No shop yet" in (await browser.get(shop.here)).text


async def test_who_stands_in_two_shops_says_in_which(shop: Shop) -> None:
    other = await shop.floor.do(
        add_shop, name="Aurora Arengario", place="Monza", lob_id=shop.at.brand.lob_id, by="admin"
    )
    await shop.floor.do(give_clerk, other.id, shop.at.clerk.id, by="admin")
    assert "Where are you?" in (await shop.pina.get(shop.here)).text
    chosen = await shop.pina.post(f"{shop.here}/shop", {"shop": str(other.id)})
    assert (chosen.status_code, chosen.headers["location"]) == (303, shop.here)
    page = (await shop.pina.get(shop.here)).text
    assert "<b>Aurora Arengario</b>, Monza" in page
    assert "I am in another shop" in page


@pytest.mark.deep
async def test_the_page_takes_as_many_statements_for_five_visits_as_for_none(shop: Shop) -> None:
    counts = []
    for more in (0, 5):
        for _ in range(more):
            await shop.at.visit()
        await shop.pina.get(shop.here)
        with counted(shop.site.database) as statements:
            await shop.pina.get(shop.here)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 6


async def test_a_reason_is_asked_for_where_the_line_does(shop: Shop) -> None:
    lob = shop.at.brand.lob_id
    await shop.floor.do(add_choice, lob, kind=REASON, label="Guasto", parent_id=None, by="admin")
    assert "(optional)" in (await shop.pina.get(shop.here)).text
    async with shop.site.database.begin(shop.at.brand.writing) as db:
        await db.execute(update(LineOfBusiness).where(LineOfBusiness.id == lob).values(reason_required=True))
    refused = await shop.save()
    assert (refused.status_code, 'id="f-contact_reason-err"' in refused.text) == (422, True)
    assert (await shop.save(contact_reason="guasto")).status_code == 303
