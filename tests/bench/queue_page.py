"""G1 and G2: the agent's pages (sign-in, grants, walls, counters and all) as rounds to measure."""

from __future__ import annotations

from uuid import UUID

from litestar import Litestar

from portavoce.app import create_app
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity.sessions import open_session
from tests.bench.asking import get
from tests.bench.measuring import Round
from tests.bench.stage import Town
from tests.world import letter

HOST = {"host": "127.0.0.1"}
PAGES = 40
MESSAGES = 20


async def signed_in_cookie(database: Database, app: Litestar, person_id: UUID) -> str:
    """A session as sign-in opens it; returns the Cookie header."""
    async with database.begin(HOUSE) as db:
        token = open_session(db, person_id, "127.0.0.1")
    return f"{app.state.cookies.session}={token}"


async def annas_pages(town: Town, path: str = "/desk", **headers: str) -> Round:
    """A page (or with the headers of htmx a piece of one) as Anna, who is signed in, asks for it."""
    app = create_app(town.settings, town.world.database)
    cookie = await signed_in_cookie(town.world.database, app, town.world.anna.person_id)
    return pages(app, path, {**HOST, **headers, "cookie": cookie})


async def long_conversation(town: Town) -> str:
    """The address of a contact with twenty messages, the customer known from an earlier one."""
    world, sender = town.world, "Lina Greco <lina@customer.example>"
    for number in range(MESSAGES):
        thread = {"In_Reply_To": f"<m{number - 1}@lina.example>"} if number else {}
        mail = letter(world.aurora.address, sender=sender, message_id=f"<m{number}@lina.example>", **thread)
        await world.receive(world.aurora, mail)
    messages = [each for each in await world.messages(world.aurora) if each.author == "Lina Greco"]
    assert len({each.interaction_id for each in messages}) == 1
    return f"/b/{world.aurora.slug}/interactions/{messages[0].interaction_id}"


def pages(app: Litestar, path: str, headers: dict[str, str], times: int = PAGES) -> Round:
    async def run() -> int:
        for _ in range(times):
            status, body = await get(app, path, headers)
            if status != 200 or len(body) < 2_000:
                raise AssertionError(f"{path} answered {status} with {len(body)} octets")
        return times

    return run
