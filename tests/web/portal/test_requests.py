"""The small page of the client's back office: its brand's questions, one of them, its answer, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.conversations import claiming
from portavoce.conversations.back_office.asking import ask_client, recall
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.models import Interaction, Message
from portavoce.core.db import REPORT
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import HOUSE_NAME, Cast, World, WorldBrand, letter


@dataclass(frozen=True, slots=True)
class Office:
    """Olga answers for Aurora; Anna asks at both brands."""

    site: Site
    world: World
    olga: Browser

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/requests"

    async def ask(self, brand: WorldBrand | None = None, question: str = "È in garanzia?") -> UUID:
        """About a new contact; gives the question's id."""
        at = brand or self.world.aurora
        await self.world.receive(at, letter(at.address, sender=f"G <{uuid4().hex}@customer.example>"))
        contact, by = (await self.world.contacts(at))[-1].id, self.world.anna.at(at)
        await self.world.database.run(at.writing, lambda db: claiming.claim(db, contact, by=by))
        asked = await self.world.database.run(
            at.writing,
            lambda db: ask_client(db, HOUSE_NAME, contact, question, shared="Perde <b>acqua</b>.", by=by),
        )
        return asked.id

    async def request(self, request_id: UUID) -> ClientRequest:
        async with self.world.database.begin(self.world.aurora.reading) as db:
            return await db.get_one(ClientRequest, (self.world.aurora.id, request_id))


@pytest.fixture
async def office(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Office]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    person = await the_site.person("client_back_office", brand=world.aurora.id, name="Olga Serra")
    await the_site.person("client_back_office", brand=world.bosco.id, name="Dora Serra")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield Office(the_site, world, one)


async def test_who_only_answers_is_led_to_the_questions_and_finds_them_with_their_due_time(
    office: Office,
) -> None:
    assert (await office.olga.get("/")).headers["location"] == "/portal"
    assert (await office.olga.get("/portal")).headers["location"] == office.here
    assert "Nothing waits for you" in (await office.olga.get(office.here)).text
    asked = await office.ask()
    page = (await office.olga.get(office.here)).text
    assert f'href="{office.here}/{asked}"' in page
    assert "No due time" in page
    assert "Operator" in page
    assert "Anna" not in page


async def test_a_question_shows_what_the_agent_shared_and_no_more_of_the_contact(office: Office) -> None:
    page = (await office.olga.get(f"{office.here}/{await office.ask()}")).text
    assert "È in garanzia?" in page
    assert "Perde &lt;b&gt;acqua&lt;/b&gt;." in page
    assert "customer.example" not in page
    assert "la macchina perde acqua" not in page.lower()


async def test_the_answer_reaches_the_desk_and_the_list_says_so(office: Office) -> None:
    asked = await office.ask()
    sent = await office.olga.fill(
        f"{office.here}/{asked}", {"text": "Sì.\nDue anni."}, to=f"{office.here}/{asked}/answer"
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{office.here}?sent=1")
    request = await office.request(asked)
    async with office.world.database.begin(office.world.aurora.reading) as db:
        contact = await db.get_one(Interaction, (request.brand_id, request.interaction_id))
        note = (await db.scalars(select(Message).where(Message.direction == "note"))).one()
    assert (contact.state, note.body, note.author) == ("assigned", "Sì.\nDue anni.", "Olga, back office")
    page = (await office.olga.get(sent.headers["location"])).text
    assert "Your answer has reached the operator." in page
    assert "Answered" in page
    shown = (await office.olga.get(f"{office.here}/{asked}")).text
    assert "Due anni." in shown
    assert "<textarea" not in shown


async def test_an_empty_answer_is_refused_and_one_too_late_is_not_lost(office: Office) -> None:
    asked = await office.ask()
    to = f"{office.here}/{asked}/answer"
    empty = await office.olga.fill(f"{office.here}/{asked}", {"text": "  "}, to=to)
    assert (empty.status_code, 'id="f-text-err"' in empty.text) == (422, True)
    contact, by = (await office.request(asked)).interaction_id, office.world.anna.at(office.world.aurora)
    await office.world.database.run(office.world.aurora.writing, lambda db: recall(db, contact, by=by))
    late = await office.olga.post(to, {"text": "Due anni."})
    assert late.status_code == 409
    assert "Due anni." in late.text
    assert "taken back meanwhile" in late.text


async def test_nothing_else_of_the_brand_is_there(office: Office) -> None:
    await office.ask()
    month = "/2026-03"
    for rest in (
        "", month, f"{month}/received", f"{month}/received.csv", f"{month}/guard/answers",
        f"{month}/questions/asked", "/isolation",
    ):  # fmt: skip
        answer = await office.olga.get(f"/portal/{office.world.aurora.slug}{rest}")
        assert answer.status_code == 404, rest


async def test_no_contact_nor_desk_nor_administration_nor_another_brands_question_is_there(
    office: Office,
) -> None:
    asked, foreign = await office.ask(), await office.ask(office.world.bosco)
    contact = (await office.request(asked)).interaction_id
    slug, bosco = office.world.aurora.slug, office.world.bosco.slug
    for path in (
        f"/portal/{slug}/contacts/{contact}", f"/b/{slug}/interactions/{contact}", "/desk", "/desk/search",
        "/admin", f"/admin/b/{slug}/back-office", f"{office.here}/{foreign}", f"{office.here}/{contact}",
        f"/portal/{bosco}/requests", f"/portal/{bosco}/requests/{foreign}",
    ):  # fmt: skip
        assert (await office.olga.get(path)).status_code == 404, path
    await office.olga.get(f"{office.here}/{asked}")
    for path in (f"{office.here}/{foreign}/answer", f"/portal/{bosco}/requests/{foreign}/answer"):
        assert (await office.olga.post(path, {"text": "Sì"})).status_code == 404


async def test_who_reads_figures_answers_nothing(office: Office) -> None:
    asked = await office.ask()
    carla = await office.site.person("client_viewer", brand=office.world.aurora.id, name="Carla Longo")
    async with office.site.browser() as browser:
        await browser.sign_in(carla.email)
        for path in (office.here, f"{office.here}/{asked}"):
            assert (await browser.get(path)).status_code == 404
        await browser.get("/preferences")
        assert (await browser.post(f"{office.here}/{asked}/answer", {"text": "Sì"})).status_code == 404
        assert "Questions" not in (await browser.get(f"/portal/{office.world.aurora.slug}/2026-03")).text


async def test_the_list_takes_as_many_statements_for_three_as_for_one(office: Office) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await office.ask()
        with counted(office.world.database, REPORT) as statements:
            await office.olga.get(office.here)
        counts.append(len(statements))
    assert counts == [3, 3]
