from __future__ import annotations

from portavoce.agents.verifying import verify_agent
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.models import UserSession
from portavoce.identity.sessions import hashed
from portavoce.ledger.verifying import verify_all
from portavoce.wiring import reactions
from tests.consistency import contradictions
from tests.floor import Floor
from tests.molds import Mold, Press, texts_of
from tests.web.desk import house
from tests.web.desk.house import Worker
from tests.world import KEYS, Cast


async def test_every_cast_holds_as_if_made_by_the_verbs(floor: Floor, world_mold: Mold[Cast]) -> None:
    again = world_mold.cast()
    brands = [floor.aurora.id, floor.world.bosco.id, again.aurora.id, again.bosco.id]
    assert await verify_all(floor.database, brands) == []
    async with floor.database.begin(HOUSE, snapshot=True) as db:
        for agent in (floor.world.anna, again.anna, again.bruno):
            assert await verify_agent(db, agent.agent_id) == []
    assert await contradictions(floor) == []


async def test_two_casts_share_neither_id_nor_address(world_mold: Mold[Cast]) -> None:
    ones, others = (set(texts_of(world_mold.cast())) for _ in range(2))
    assert len(ones) > 10
    assert not {text for text in ones & others if text.startswith("019") or "@" in text or "-" in text}


async def test_a_cast_is_worked_on_like_what_the_verbs_made(floor: Floor) -> None:
    interaction_id = await floor.closed()
    assert (await floor.contact(interaction_id)).state == "closed"
    assert (await floor.rows(type(floor.anna)))[0].id in {floor.anna.id, floor.bruno.id}
    assert await contradictions(floor) == []


async def test_each_cast_has_secrets_of_its_own_that_open_its_sessions(
    press: Press[Worker], database: Database
) -> None:
    mold = await press(lambda made_on: house.make_worker(made_on, []), reactions(KEYS))
    one, other = mold.cast(), mold.cast()
    assert len({mold.made.cookie, one.cookie, other.cookie}) == 3
    async with database.begin(HOUSE) as db:
        for worker in (one, other):
            assert (await db.get_one(UserSession, hashed(worker.cookie))).person_id == worker.person_id
