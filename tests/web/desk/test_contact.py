"""What the reader of a contact can do with it."""

from __future__ import annotations

from urllib.parse import unquote
from uuid import uuid4

import pytest

from portavoce.conversations.errors import NoInteraction
from portavoce.core.scope import Scope
from portavoce.web.desk.contact import Contact, read_contact
from tests.web.desk.conftest import Desk
from tests.web.desk.house import Worker, arrive
from tests.web.desk.taking import finish, take


async def contact(desk: Desk, interaction: object, worker: Worker) -> Contact:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        return await read_contact(db, interaction, desk.aurora.id, worker.agent_id)  # type: ignore[arg-type]  # -- an id


async def test_the_mode_says_what_can_be_done(desk: Desk) -> None:
    waiting, _ = await arrive(desk.database, desk.aurora)
    assert (await contact(desk, waiting, desk.anna)).mode == "waiting"
    held = await take(desk, desk.aurora, desk.anna)
    assert (await contact(desk, held, desk.anna)).mode == "mine"
    assert (await contact(desk, held, desk.bruno)).mode == "taken"


async def test_a_closed_contact_is_closed_for_its_closer_too(desk: Desk) -> None:
    closed = await finish(desk, desk.aurora, desk.anna)
    assert (await contact(desk, closed, desk.anna)).mode == "closed"


async def test_the_tab_wears_the_brands_colour_and_shape(desk: Desk) -> None:
    waiting, _ = await arrive(desk.database, desk.aurora)
    icon = unquote((await contact(desk, waiting, desk.anna)).icon)
    assert "#B5471B" in icon
    assert "<circle" in icon


async def test_what_is_not_in_the_brand_is_not_there(desk: Desk) -> None:
    foreign, _ = await arrive(desk.database, desk.bosco)
    for missing in (foreign, uuid4()):
        with pytest.raises(NoInteraction):
            await contact(desk, missing, desk.anna)
