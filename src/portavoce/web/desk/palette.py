"""The palette of the desk: contacts in hand, customers, brands and every verb, by a few letters of their name."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from portavoce.agents.aliases import agent_of, brand_agent_of
from portavoce.agents.colleagues import speakers
from portavoce.brands.faces import BrandFace, faces
from portavoce.conversations.desk_queries import QueueRow, held_by_agent
from portavoce.conversations.history_queries import BRIEF
from portavoce.conversations.mentioning import SIGN
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.knowledge.snippets import snippets_for
from portavoce.search.marking import Piece, passage
from portavoce.web.access import DESK_ROLES, MISSING, Actor, NotGranted
from portavoce.web.desk.actions import Option, OptionGroup, actions, brand_filters, fits
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.pages import html
from portavoce.web.desk.search import SEARCH
from portavoce.web.desk.searching import LONGEST, Group, Row, asks_something, search
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest, render

CUSTOMERS = 4
"""Of each brand."""
FOUND = 8
"""Customers in all, so that what can be done stays in sight."""


class PaletteController(Controller):
    path = "/desk/palette"

    @get()
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        q: FromQuery[str] = "",
        open: FromQuery[str] = "",
        brand: FromQuery[str] = "",
    ) -> Response[str]:
        """`open` and `brand`: the contact beside it. `/` asks for its snippets alone, `@` for whom its note may mention."""
        text, words = q[:LONGEST].strip(), words_for(request)
        if text.startswith(SIGN):
            named = await _mentionable(request, actor, open, brand, text.removeprefix(SIGN), words)
            return html(render(request, "desk/_palette.html", groups=named))
        ready_made = list(await _ready_made(request, actor, open, brand, text.removeprefix("/"), words))
        if text.startswith("/"):
            return html(render(request, "desk/_palette.html", groups=ready_made))
        database: Database = request.app.state.database
        brands = actor.brands(DESK_ROLES)
        async with database.begin(Scope.reading(brands)) as db:
            known = await faces(db, brands)
            agent = await agent_of(db, actor.person_id)
            held = await held_by_agent(db, agent.agent_id) if agent else []
        found = await search(database, known.values(), q[:LONGEST], kinds=("customer",), at_most=CUSTOMERS)
        groups = [
            *_in_hand(held, known, words, text),
            *_people(found, words),
            *(ready_made if text else []),
            *brand_filters(known.values(), words, text),
            *actions(actor, words, text),
            *_everything(words, text),
        ]
        return html(render(request, "desk/_palette.html", groups=groups))


async def _ready_made(
    request: AnyRequest, actor: Actor, open: str, slug: str, text: str, words: Words
) -> Iterator[OptionGroup]:
    """Snippets of the brand of this contact, read in a scope that knows no other."""
    if not open or not slug:
        return iter(())
    granted, interaction_id = actor.granted(slug, DESK_ROLES), _id(open)
    database: Database = request.app.state.database
    async with database.begin(Scope.reading({granted.brand_id})) as db:
        head = (await read_contact(db, interaction_id, granted.brand_id, None, extent=BRIEF)).head
        rows = await snippets_for(db, head.lob_id, head.channel)
    insert = f"{contact_url(granted.slug, interaction_id)}/insertions"
    kept = [row for row in rows if fits(f"{row.shortcut} {row.name}", text)][:FOUND]
    options = [
        Option(
            passage(row.name, text),
            icon="text-quote",
            end=f"/{row.shortcut}",
            insert=insert,
            snippet=str(row.id),
        )
        for row in kept
    ]
    return iter([OptionGroup(words.gettext("Snippets"), options)] if options else [])


async def _mentionable(
    request: AnyRequest, actor: Actor, open: str, slug: str, text: str, words: Words
) -> list[OptionGroup]:
    """Whoever else speaks for the brand of this contact."""
    if not open or not slug:
        return []
    granted = actor.granted(slug, DESK_ROLES)
    database: Database = request.app.state.database
    async with database.begin(Scope.reading({granted.brand_id})) as db:
        agent = await agent_of(db, actor.person_id)
        me = await brand_agent_of(db, agent.agent_id) if agent else None
        people = await speakers(db, me.id if me else None)
    kept = [each.alias for each in people if fits(each.alias, text)][:FOUND]
    options = [Option(passage(alias, text), icon="user", put=f"{SIGN}{alias} ") for alias in kept]
    return [OptionGroup(words.gettext("Colleagues"), options)] if options else []


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotGranted(MISSING) from None


def _in_hand(
    held: list[QueueRow], known: dict[UUID, BrandFace], words: Words, text: str
) -> Iterator[OptionGroup]:
    options = [_contact(row, known[row.brand_id], words, text) for row in held if row.brand_id in known]
    kept = [each for row, each in zip(held, options, strict=False) if fits(_said(row, known), text)]
    if kept:
        yield OptionGroup(words.gettext("In hand"), kept)


def _said(row: QueueRow, known: dict[UUID, BrandFace]) -> str:
    return f"{row.customer} {row.subject} {row.ticket or ''} {known[row.brand_id].name}"


def _contact(row: QueueRow, brand: BrandFace, words: Words, text: str) -> Option:
    return Option(
        passage(row.customer, text),
        brand=brand,
        end=row.subject[:60],
        go=contact_url(brand.slug, row.interaction_id),
        lang=row.language,
    )


def _people(found: list[Group], words: Words) -> Iterator[OptionGroup]:
    """Customers by name or identity, and contacts by number."""
    options = [_person(group.brand, row, words) for group in found for row in group.rows]
    if options:
        yield OptionGroup(words.gettext("Customers"), options[:FOUND])


def _person(brand: BrandFace, row: Row, words: Words) -> Option:
    if row.kind == "number":
        number = words.gettext("no. %(number)s", number=row.ticket)
        return Option([Piece(row.name, False)], brand=brand, end=number, go=row.href)
    known_as = "".join(piece.text for piece in row.pieces)
    go = row.href or f"{SEARCH}?{urlencode({'q': row.name, 'brand': brand.slug})}"
    return Option(row.title, brand=brand, end=known_as, go=go)


def _everything(words: Words, text: str) -> Iterator[OptionGroup]:
    """The way to messages and notes, always last."""
    if asks_something(text):
        label = words.gettext("Search messages and notes for “%(text)s”", text=text)
        option = Option([Piece(label, False)], icon="search", go=f"{SEARCH}?{urlencode({'q': text})}")
        yield OptionGroup(words.gettext("Search"), [option])
