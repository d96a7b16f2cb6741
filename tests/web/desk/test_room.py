"""A brand's streams are bounded where they are held, and another brand's go on."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.brands.limits import set_limit
from portavoce.core.db import Database
from portavoce.core.errors import TooMany
from portavoce.web.desk.room import require_room
from portavoce.web.live.hub import Hub
from portavoce.web.live.streams import Stream
from tests.minting import mint_brand


def stream(*brands: object) -> Stream:
    return Stream(person_id=uuid4(), session_id="s", agent_id=None, locale="it", brands=frozenset(brands))  # type: ignore[arg-type]  # -- ids


async def test_beyond_its_streams_a_brand_waits_and_another_does_not(database: Database) -> None:
    aurora, bosco = await mint_brand(database), await mint_brand(database, "Bosco")
    async with database.begin(aurora.writing) as db:
        await set_limit(db, "streams", 2, by="admin")
    hub = Hub(database, None, None)  # type: ignore[arg-type]  # -- only its count of streams is asked
    first = stream(aurora.id, bosco.id)
    for each in (first, stream(aurora.id)):
        await require_room(database, hub, each.brands)
        hub.add(each)
    with pytest.raises(TooMany) as refused:
        await require_room(database, hub, {aurora.id, bosco.id})
    assert refused.value.fields["retry_after"]
    await require_room(database, hub, {bosco.id})
    hub.remove(first)
    await require_room(database, hub, {aurora.id})
    await require_room(database, hub, ())
