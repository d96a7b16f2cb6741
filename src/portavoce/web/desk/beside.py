"""Who else is at the open contact: said by whoever has it open, shown to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from portavoce.agents.models import BrandAgent
from portavoce.core.db import Database
from portavoce.core.looking import Lookers, Place
from portavoce.core.scope import Scope
from portavoce.core.unit import Poke
from portavoce.web.live.messages import event
from portavoce.web.live.streams import LOOKING, Stream


class Beside:
    """`render`: a template in a language."""

    def __init__(self, database: Database, lookers: Lookers, render: Callable[..., str]) -> None:
        self._database = database
        self._lookers = lookers
        self._render = render

    async def arrive(self, stream: Stream) -> None:
        """A browser opened a contact: the others there are told, and it is told of them."""
        if stream.opened is None or stream.agent_id is None:
            return
        await self.look([stream])
        await self._database.publish([Poke(LOOKING, *stream.opened)])
        await self.show([stream])

    async def look(self, streams: Iterable[Stream]) -> None:
        signs = {
            (Place(*stream.opened), stream.agent_id)
            for stream in streams
            if stream.opened is not None and stream.agent_id is not None
        }
        await self._lookers.mark(signs, "looks")

    async def show(self, streams: Sequence[Stream]) -> None:
        """To each whose company changed since it was last shown."""
        opened = {Place(*stream.opened) for stream in streams if stream.opened is not None}
        found = await self._lookers.at(opened)
        for stream in streams:
            if stream.opened is None or stream.mailbox.closed:
                continue
            people = found.get(Place(*stream.opened), {})
            beside = frozenset((who, doing) for who, doing in people.items() if who != stream.agent_id)
            if beside != stream.beside:
                await self._put(stream, stream.opened.brand_id, beside)
                stream.beside = beside

    async def _put(self, stream: Stream, brand_id: UUID, beside: frozenset[tuple[UUID, str]]) -> None:
        known = await self._aliases(brand_id, [who for who, _ in beside]) if beside else {}
        company = sorted((known[who], doing) for who, doing in beside if who in known)
        html = self._render("desk/_live_beside.html", stream.locale, company=company)
        stream.mailbox.put("beside", event(html))

    async def _aliases(self, brand_id: UUID, agents: list[UUID]) -> dict[UUID, str]:
        """As the brand knows them: whoever it does not know is not named."""
        async with self._database.begin(Scope.reading({brand_id})) as db:
            query = select(BrandAgent.agent_id, BrandAgent.alias).where(BrandAgent.agent_id.in_(agents))
            return {row.agent_id: row.alias for row in await db.execute(query)}
