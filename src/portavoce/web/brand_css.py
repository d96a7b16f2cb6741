"""`/brands.css`: the colours of the brands a person may see, and of no other: the client list is confidential."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy import select

from portavoce.brands.accent import Accent, css
from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.web.access import Actor, provide_actor, signed_in

KEEP = "private, no-cache"


@get("/brands.css", guards=[signed_in], dependencies={"actor": provide_actor})
async def show_brand_css(request: Request[Any, Any, Any], actor: NamedDependency[Actor]) -> Response[bytes]:
    """Kept by the browser but asked about each time, so that it goes with the session."""
    brands = frozenset(grant.brand_id for grant in actor.grants)
    content = await _rules(request.app.state.database, brands) if brands else b""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": KEEP, "Vary": "Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type="text/css")
    return Response(content, headers=headers, media_type="text/css")


async def _rules(database: Database, brands: frozenset[Any]) -> bytes:
    async with database.begin(Scope.reading(brands)) as db:
        query = select(Brand.slug, Brand.tokens).where(Brand.id.in_(brands)).order_by(Brand.slug)
        rows = (await db.execute(query)).all()
    rules = (css(slug, msgspec.json.decode(tokens, type=Accent)) for slug, tokens in rows)
    return "\n".join(rules).encode()
