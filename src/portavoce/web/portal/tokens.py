"""`/portal/{brand}/tokens`: what the client's own programs may read with. Made here, shown once, taken back here.

Read as `app`: who made a token is a person, and of these reports know nothing.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post, route
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.unit import now
from portavoce.identity.api_tokens import LIFETIMES, make_token, revoke_token, tokens_of
from portavoce.identity.errors import TooManyTokens
from portavoce.identity.granting import Granted
from portavoce.identity.throttling import API_TOKEN
from portavoce.web.access import Actor, provide_brand_db, provide_token_brand
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, page
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import DATA, work_page

EXAMPLE = 'curl -H "Authorization: Bearer pvt_…" {base}/api/v1/brands/{slug}/months/{month}'
WRONG_DAYS = N_("Choose one of the options shown.")


class TokenForm(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(max_length=80)]
    days: Annotated[int, msgspec.Meta(ge=LIFETIMES[0], le=LIFETIMES[-1], extra={"message": WRONG_DAYS})]


class TokenController(Controller):
    path = "/{brand:str}/tokens"
    dependencies = {"granted": Provide(provide_token_brand), "db": Provide(provide_brand_db)}

    @route("/", http_method=READ)
    async def index(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        return page(await _page(request, db, actor, granted, {}, {}))

    @post("/", status_code=201)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:
        """The answer to the form is the one page that ever shows the secret; no address leads back to it."""
        form, errors, raw = await read(request, TokenForm)
        if form is not None and form.days not in LIFETIMES:
            form, errors = None, {"days": words_for(request).gettext(WRONG_DAYS)}
        if form is None:
            raise Rejected(422, html=await _page(request, db, actor, granted, raw, errors))
        try:
            secret = await make_token(db, form.name, form.days, person_id=actor.person_id)
        except TooManyTokens as error:
            told = {"name": words_for(request).gettext(error.message)}
            raise Rejected(422, html=await _page(request, db, actor, granted, raw, told)) from error
        await db.flush()
        return page(await _page(request, db, actor, granted, {}, {}, secret=secret), 201)

    @post("/{token_id:uuid}/revocation", status_code=303)
    async def revoke(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        token_id: FromPath[UUID],
    ) -> Redirect:
        await revoke_token(db, token_id, person_id=actor.person_id)
        return Redirect(f"/portal/{granted.slug}/tokens", status_code=303)


async def _page(
    request: AnyRequest, db: AsyncSession, actor: Actor, granted: Granted, form: dict[str, str],
    errors: dict[str, str], *, secret: str = "",
) -> str:  # fmt: skip
    return await work_page(
        request,
        db,
        actor,
        granted,
        DATA,
        "portal/tokens.html",
        tokens=await tokens_of(db),
        lifetimes=LIFETIMES,
        a_minute=API_TOKEN.attempts,
        example=EXAMPLE.format(
            base=request.app.state.house.base_url.rstrip("/"), slug=granted.slug, month=f"{now(db):%Y-%m}"
        ),
        secret=secret,
        form=form,
        errors=errors,
    )
