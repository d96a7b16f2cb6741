"""`/open/service/{token}`: a brand's measured service for everybody, if its client switched the page on.

Nothing of it depends on who asks: no cookie is read or set, so that any cache may keep it for a while.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, HttpMethod, Request, Response, route
from litestar.params import FromPath, FromQuery
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.accent import Accent, css
from portavoce.brands.models import Brand
from portavoce.brands.resolving import resolve
from portavoce.core.db import REPORT, Database
from portavoce.core.errors import NotFound
from portavoce.core.scope import HOUSE, Scope
from portavoce.reporting.open_service.reading import read_service, read_switch
from portavoce.reporting.open_service.switching import KIND
from portavoce.web.access import MISSING
from portavoce.web.i18n import LOCALES
from portavoce.web.look import Look

READ = [HttpMethod.GET, HttpMethod.HEAD]
KEEP = "public, max-age=300"
TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)

AnyRequest = Request[Any, Any, Any]


class Face(msgspec.Struct, frozen=True):
    id: UUID
    slug: str
    name: str
    shape: str
    monogram: str
    zone: str
    language: str
    tokens: str


class ServiceController(Controller):
    path = "/open/service/{token:str}"

    @route("/", http_method=READ)
    async def show(
        self, request: AnyRequest, token: FromPath[str], language: FromQuery[str] = ""
    ) -> Response[Any]:
        """In the language asked for, else in the brand's own."""
        async with _opened(request, token) as (db, brand):
            served = await read_service(db, brand.id, brand.zone)
        wishes = (language, brand.language, "en")
        locale = next(each for each in wishes if each in LOCALES)
        html: str = request.app.state.templates.render(
            "open/service.html", locale=locale, look=Look(), csrf="", brand=brand, served=served,
            here=f"/open/service/{token}", zone=brand.zone, brand_css=f"/open/service/{token}/brand.css",
        )  # fmt: skip
        return _kept(request, html, "text/html")

    @route("/brand.css", http_method=READ)
    async def colours(self, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
        async with _opened(request, token) as (_, brand):
            return _kept(request, css(brand.slug, msgspec.json.decode(brand.tokens, type=Accent)), "text/css")


@asynccontextmanager
async def _opened(request: AnyRequest, token: str) -> AsyncIterator[tuple[AsyncSession, Face]]:
    """One snapshot of the one brand as `report`; NotFound alike for an address that never was and a page that is off."""
    database: Database = request.app.state.database
    found = None
    if TOKEN.fullmatch(token):
        async with database.begin(HOUSE) as db:
            found = await resolve(db, KIND, token)
    if found is None:
        raise NotFound(MISSING)
    async with database.begin(Scope.reading({found.brand_id}), role=REPORT, snapshot=True) as db:
        switch = await read_switch(db)
        if switch is None or not switch.is_on or switch.token != token:
            raise NotFound(MISSING)
        columns = [getattr(Brand, name) for name in Face.__struct_fields__]
        yield db, Face(*(await db.execute(select(*columns).where(Brand.id == found.brand_id))).one())


def _kept(request: AnyRequest, text: str, media_type: str) -> Response[Any]:
    content = text.encode()
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": KEEP}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(content, headers=headers, media_type=f"{media_type}; charset=utf-8")
