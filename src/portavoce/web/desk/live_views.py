"""What the streams of the desk carry: read once per topic in its own scope, rendered once per kind of reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.history_queries import EARLIER, MESSAGES, Extent, Window
from portavoce.core.db import Database
from portavoce.core.looking import Lookers
from portavoce.core.scope import Scope
from portavoce.web.desk.beside import Beside
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.items import Lists, read_lists, room_for_each
from portavoce.web.desk.me import Presence, agent_and_presence
from portavoce.web.live.condition import Trouble
from portavoce.web.live.mailbox import Mailbox
from portavoce.web.live.messages import event
from portavoce.web.live.streams import LOOKING, Stream, Topic
from portavoce.web.templating import Templates


class DeskViews:
    """The `Views` of web.live.hub for the desk."""

    def __init__(self, database: Database, templates: Templates, lookers: Lookers | None = None) -> None:
        self._database = database
        self._templates = templates
        self._beside = Beside(database, lookers or Lookers("", database.clock), self._render)

    async def refresh(self, topic: Topic, streams: Sequence[Stream]) -> Iterable[Topic]:
        if topic.view == "queue" and topic.brand_id is not None:
            return await self._queue(topic.brand_id, streams)
        if topic.view == "person":
            return await self._person(streams)
        if topic.view == LOOKING:
            await self._beside.show(streams)
            return ()
        if topic.brand_id is not None and topic.id is not None:
            return await self._interaction(topic, topic.brand_id, topic.id, streams)
        return ()

    async def beat(self, streams: Sequence[Stream]) -> None:
        await self._beside.look(streams)
        await self._beside.show(streams)

    def warn(self, troubles: frozenset[Trouble], streams: Iterable[Stream]) -> None:
        for stream in streams:
            html = self._render("desk/_live_condition.html", stream.locale, troubles=troubles)
            stream.mailbox.put("condition", event(html))

    async def snapshot(self, stream: Stream) -> None:
        """Everything the page shows, for a browser that just connected or came back.

        It is read apart: what a registered stream is sent in the meantime was read later and follows it.
        """
        first = replace(stream, mailbox=Mailbox())
        lists, presence = await self._lists(first)
        html = self._render("desk/_live_queue.html", stream.locale, queues=lists.queues(), snapshot=True)
        first.mailbox.put("snapshot", event(html, "queue"))
        self._put_person([first], lists, presence)
        if stream.opened is not None:
            await self._interaction(Topic("interaction", *stream.opened), *stream.opened, [first])
        stream.held |= {item.id for item in lists.mine}
        stream.mailbox.begin_with(first.mailbox)
        await self._beside.arrive(stream)

    async def _queue(self, brand_id: UUID, streams: Sequence[Stream]) -> Iterable[Topic]:
        async with self._database.begin(Scope.reading({brand_id})) as db:
            lists = await read_lists(db, {brand_id}, None)
        rendered: dict[tuple[str, int], bytes] = {}
        for stream in streams:
            key = (stream.locale, room_for_each(len(stream.brands)))
            if key not in rendered:
                queues = lists.queues(at_most=key[1])
                html = self._render("desk/_live_queue.html", stream.locale, queues=queues, snapshot=False)
                rendered[key] = event(html, "queue")
            stream.mailbox.put(("queue", brand_id), rendered[key])
        return ()

    async def _person(self, streams: Sequence[Stream]) -> Iterable[Topic]:
        """One person's windows; all were opened with the same grants, or the sweep ends them."""
        lists, presence = await self._lists(streams[0])
        for stream in streams:
            stream.held = frozenset(item.id for item in lists.mine)
        self._put_person(streams, lists, presence)
        return ()

    def _put_person(self, streams: Sequence[Stream], lists: Lists, presence: Presence | None) -> None:
        for stream in streams:
            html = self._render("desk/_live_person.html", stream.locale, lists=lists, presence=presence)
            stream.mailbox.put("person", event(html))

    async def _lists(self, stream: Stream) -> tuple[Lists, Presence | None]:
        async with self._database.begin(Scope.reading(stream.brands)) as db:
            agent, presence = await agent_and_presence(db, stream.person_id)
            wrapping = presence is not None and presence.acw_until is not None
            return await read_lists(db, stream.brands, agent, wrapping=wrapping), presence

    async def _interaction(
        self, topic: Topic, brand_id: UUID, interaction_id: UUID, streams: Sequence[Stream]
    ) -> Iterable[Topic]:
        watching = [stream for stream in streams if stream.has_open(topic)]
        for since in {stream.since for stream in watching}:
            readers = [stream for stream in watching if stream.since == since]
            extent = Extent(Window(MESSAGES, since=since.message), Window(EARLIER, since=since.contact))
            async with self._database.begin(Scope.reading({brand_id})) as db:
                try:
                    contact = await read_contact(db, interaction_id, brand_id, None, extent=extent)
                except NoInteraction:
                    return ()
            self._put_contact(readers, contact)
        return {Topic("person", None, stream.agent_id) for stream in streams if interaction_id in stream.held}

    def _put_contact(self, streams: Sequence[Stream], contact: Contact) -> None:
        rendered: dict[tuple[str, str], bytes] = {}
        for stream in streams:
            own = msgspec.structs.replace(contact, agent_id=stream.agent_id)
            key = (stream.locale, own.mode)
            if key not in rendered:
                html = self._render("desk/_live_contact.html", stream.locale, **own.context())
                rendered[key] = event(html)
            stream.mailbox.put("contact", rendered[key])

    def _render(self, name: str, locale: str, **context: Any) -> str:
        now: datetime = self._database.clock.now()
        return self._templates.render(name, locale=locale, now=now, **context)
