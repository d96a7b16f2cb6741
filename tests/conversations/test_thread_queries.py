"""One contact as the desk reads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.history_queries import Extent, Window
from portavoce.conversations.thread_queries import conversation_view
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.kit.clock import SteppedClock
from tests.conversations.conftest import counted
from tests.web.desk import house
from tests.web.desk.house import DeskBrand, Worker


async def aurora_and_anna(database: Database) -> tuple[DeskBrand, Worker]:
    aurora = await house.make_brand(database, await house.make_admin(database), "Aurora")
    return aurora, await house.make_worker(database, [aurora], "Anna")


async def thread_of(database: Database, brand: DeskBrand, interaction: UUID) -> UUID:
    async with database.begin(Scope.reading({brand.id})) as db:
        return (await conversation_view(db, interaction)).head.conversation_id


async def closed(database: Database, brand: DeskBrand, worker: Worker, subject: str) -> UUID:
    interaction, _ = await house.arrive(database, brand, subject=subject)
    for verb in ("claim", "close"):
        async with database.begin(brand.writing) as db:
            me = await db.get_one(BrandAgent, (brand.id, worker.aliases[brand.id]))
            await (
                claim(db, interaction, by=me)
                if verb == "claim"
                else close(db, interaction, "solved", by=me, note="Fatto")
            )
    return interaction  # fmt: skip


async def test_head_customer_and_outcomes_are_those_of_the_contact(house_database: Database) -> None:
    aurora, anna = await aurora_and_anna(house_database)
    interaction, _ = await house.arrive(house_database, aurora, subject="Pacco")
    async with house_database.begin(aurora.writing) as db:
        await claim(db, interaction, by=await db.get_one(BrandAgent, (aurora.id, anna.aliases[aurora.id])))
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        view = await conversation_view(db, interaction)
    assert (view.head.customer, view.head.subject, view.head.ticket) == ("Gina Rota", "Pacco", 1)
    assert (view.head.holder, view.head.holder_agent_id) == ("Anna", anna.agent_id)
    assert view.head.promised == timedelta(hours=4)
    assert tuple((each.channel, each.shown) for each in view.identities) == (
        ("email", "gina.rota@posta.example"),
    )
    assert [each.code for each in view.rules.outcomes][:2] == ["solved", "informed"]
    assert view.closure is None


async def test_the_newest_messages_are_shown_and_whether_there_are_older_ones(
    house_database: Database, clock: SteppedClock
) -> None:
    aurora, _ = await aurora_and_anna(house_database)
    interaction, _ = await house.arrive(house_database, aurora, "0")
    thread = await thread_of(house_database, aurora, interaction)
    for number in range(1, 5):
        clock.advance(timedelta(minutes=1))
        await house.arrive(house_database, aurora, str(number), thread=thread)
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        view = await conversation_view(db, interaction, Extent(Window(3)))
        every = await conversation_view(db, interaction, Extent(Window(5)))
    assert ([each.body for each in view.messages], view.more) == (["2", "3", "4"], True)
    assert (len(every.messages), every.more) == (5, False)


async def test_attachments_stand_with_their_own_message(house_database: Database, tmp_path: object) -> None:
    aurora, _ = await aurora_and_anna(house_database)
    storage = Storage(tmp_path)  # type: ignore[arg-type]  # -- pytest's path
    interaction, first = await house.arrive(
        house_database, aurora, files=[("a.txt", "text/plain", b"a", None)], storage=storage
    )
    thread = await thread_of(house_database, aurora, interaction)
    await house.arrive(house_database, aurora, thread=thread, html="<p>ciao</p>")
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        view = await conversation_view(db, interaction)
    assert [[file.name for file in each.attachments] for each in view.messages] == [["a.txt"], []]
    assert [each.has_html for each in view.messages] == [False, True]
    assert view.messages[0].id == first


async def test_earlier_contacts_of_the_customer_bring_their_outcome(house_database: Database) -> None:
    aurora, anna = await aurora_and_anna(house_database)
    past = await closed(house_database, aurora, anna, "Primo acquisto")
    await house.arrive(house_database, aurora, customer="Ugo Neri")
    interaction, _ = await house.arrive(house_database, aurora, subject="Pacco")
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        view = await conversation_view(db, interaction)
        old = await conversation_view(db, past)
    assert [(each.subject, each.outcome) for each in view.earlier] == [("Primo acquisto", "Solved")]
    assert old.closure is not None
    assert (old.closure.outcome, old.closure.note, old.closure.alias) == (("Solved",), "Fatto", "Anna")


async def test_a_contact_of_another_brand_is_not_there(house_database: Database) -> None:
    aurora, _ = await aurora_and_anna(house_database)
    bosco = await house.make_brand(house_database, await house.make_admin(house_database), "Bosco")
    interaction, _ = await house.arrive(house_database, bosco)
    async with house_database.begin(Scope.reading({aurora.id})) as db:
        for missing in (interaction, uuid4()):
            with pytest.raises(NoInteraction):
                await conversation_view(db, missing)
    async with house_database.begin(Scope.reading({bosco.id})) as db:
        assert (await conversation_view(db, interaction)).head.interaction_id == interaction


async def test_a_contact_takes_as_many_statements_with_three_messages_as_with_one(
    house_database: Database,
) -> None:
    aurora, _ = await aurora_and_anna(house_database)
    interaction, _ = await house.arrive(house_database, aurora)
    thread = await thread_of(house_database, aurora, interaction)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            await house.arrive(house_database, aurora, thread=thread)
            await house.arrive(house_database, aurora, subject="Altro")
        with counted(house_database) as statements:
            async with house_database.begin(Scope.reading({aurora.id})) as db:
                assert len((await conversation_view(db, interaction)).messages) == more + 1
        counts.append(len(statements))
    assert counts == [7, 7]
