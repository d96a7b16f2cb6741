"""One brand's snippets: the list, a new one, and what one says from now on."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.quarantine import quarantined_count
from portavoce.identity.granting import Granted
from portavoce.knowledge.errors import BadSnippet
from portavoce.knowledge.fields import FIELDS
from portavoce.knowledge.models import LANGUAGES
from portavoce.knowledge.snippets import Draft, remove, save, snippet, snippets
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows, line_options
from portavoce.web.admin.mistakes import errors_of
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
CHANNELS = ("email", "chat", "phone", "whatsapp", "sms", "store")
PATH = "/admin/b/{brand:str}/snippets"
OF_THE_BRAND: dict[str, Any] = {"granted": provide_admin_brand, "db": provide_brand_db}


class SnippetForm(msgspec.Struct, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=80)]
    shortcut: Annotated[str, msgspec.Meta(max_length=30)]
    lob_id: UUID | None = None
    channel: str = ""
    text_it: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    text_en: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""


class SnippetController(Controller):
    path = PATH
    dependencies = OF_THE_BRAND

    @get("/")
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        return page(await _page(request, actor, granted, db, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        return await _save(request, actor, granted, db, None)

    @get("/{snippet_id:uuid}")
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        snippet_id: FromPath[UUID],
    ) -> Response[str]:
        row = await snippet(db, snippet_id)
        form = {"name": row.name, "shortcut": row.shortcut, "lob_id": str(row.lob_id or ""), "channel": row.channel or ""}  # fmt: skip
        form |= {f"text_{language}": text for language, text in row.texts.items()}
        return page(await _page(request, actor, granted, db, form, editing=snippet_id))

    @post("/{snippet_id:uuid}", status_code=303)
    async def update(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        snippet_id: FromPath[UUID],
    ) -> Redirect:
        await snippet(db, snippet_id)
        return await _save(request, actor, granted, db, snippet_id)


class SnippetRemovalController(Controller):
    path = f"{PATH}/{{snippet_id:uuid}}/removal"
    dependencies = OF_THE_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        snippet_id: FromPath[UUID],
    ) -> Redirect:
        await remove(db, snippet_id)
        return Redirect(f"/admin/b/{granted.slug}/snippets", status_code=303)


async def _save(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, snippet_id: UUID | None
) -> Redirect:
    form, errors, raw = await read(request, SnippetForm)
    if form is None or (form.channel and form.channel not in CHANNELS):
        told = errors or {"channel": words_for(request).gettext("Choose one of the options shown.")}
        raise Rejected(422, html=await _page(request, actor, granted, db, raw, told, editing=snippet_id))
    draft = Draft(
        name=form.name,
        shortcut=form.shortcut.removeprefix("/"),
        lob_id=form.lob_id,
        channel=form.channel or None,
        texts={language: getattr(form, f"text_{language}") for language in LANGUAGES},
    )
    try:
        await save(db, draft, snippet_id=snippet_id)
    except BadSnippet as problem:
        told = errors_of(request, problem, known=set(SnippetForm.__struct_fields__))
        html = await _page(request, actor, granted, db, raw, told, editing=snippet_id)
        raise Rejected(422, html=html) from problem
    return Redirect(f"/admin/b/{granted.slug}/snippets?saved=1", status_code=303)


async def _page(
    request: AnyRequest,
    actor: Actor,
    granted: Granted,
    db: AsyncSession,
    form: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    editing: UUID | None = None,
    saved: bool = False,
) -> str:
    (brand,) = await brand_rows(db, [granted.brand_id])
    translated = words_for(request).gettext
    return shell(
        request,
        actor,
        "admin/snippets.html",
        current="/admin/brands",
        brand=brand,
        snippets=await snippets(db),
        lines=[(line, translated(name)) for line, name in await line_options(db)],
        channels=CHANNELS,
        fields=FIELDS,
        waiting=await quarantined_count(db),
        form=form or {},
        errors=errors or {},
        editing=editing,
        saved=saved,
    )
