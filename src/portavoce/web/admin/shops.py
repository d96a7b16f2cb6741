"""One brand: its shops, and who of the client stands at their counters."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.channels.email.quarantine import quarantined_count
from portavoce.conversations.visits.errors import BadShop
from portavoce.conversations.visits.queries import clerks_of_brand, shops_of_brand
from portavoce.conversations.visits.shops import add_shop, give_clerk, retire_shop, take_clerk
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.admin.listing import brand_rows, line_options
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import page, shell

AnyRequest = Request[Any, Any, Any]
HERE = "/admin/b/{brand:str}/shops"
OF_THE_BRAND = {"granted": Provide(provide_admin_brand), "db": Provide(provide_brand_db)}
BY = "admin"


class ShopForm(msgspec.Struct, kw_only=True):
    name: Annotated[str, msgspec.Meta(max_length=80)]
    where: Annotated[str, msgspec.Meta(max_length=80)]
    lob_id: UUID


class ClerkForm(msgspec.Struct):
    clerk: UUID


class ShopController(Controller):
    path = HERE
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
        return page(await _page(request, actor, granted, db, {}, {}, saved=bool(saved)))

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Redirect:
        form, errors, raw = await read(request, ShopForm)
        if form is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))
        try:
            shop = await add_shop(db, name=form.name, place=form.where, lob_id=form.lob_id, by=BY)
        except BadShop as error:
            words = words_for(request)
            told = {
                "where" if name == "place" else name: words.gettext(text)
                for name, text in error.fields.items()
            }
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, told)) from error
        audit_house(db, actor.person_id, "shop.added", "shop", shop.id)
        return _done(granted)

    @post("/{shop_id:uuid}/retirement", status_code=303)
    async def retire(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        shop_id: FromPath[UUID],
    ) -> Redirect:
        await retire_shop(db, shop_id, by=BY)
        audit_house(db, actor.person_id, "shop.retired", "shop", shop_id)
        return _done(granted)


class ClerkController(Controller):
    path = f"{HERE}/{{shop_id:uuid}}/clerks"
    dependencies = OF_THE_BRAND

    @post("/", status_code=303)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        shop_id: FromPath[UUID],
    ) -> Redirect:
        form, errors, raw = await read(request, ClerkForm)
        if form is None:
            raise Rejected(422, html=await _page(request, actor, granted, db, raw, errors))
        await give_clerk(db, shop_id, form.clerk, by=BY)
        audit_house(db, actor.person_id, "shop.clerk_given", "shop", shop_id)
        return _done(granted)

    @post("/{clerk_id:uuid}/removal", status_code=303)
    async def remove(
        self,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        shop_id: FromPath[UUID],
        clerk_id: FromPath[UUID],
    ) -> Redirect:
        await take_clerk(db, shop_id, clerk_id, by=BY)
        audit_house(db, actor.person_id, "shop.clerk_taken", "shop", shop_id)
        return _done(granted)


SHOPS = (ShopController, ClerkController)


def _done(granted: Granted) -> Redirect:
    return Redirect(f"/admin/b/{granted.slug}/shops?saved=1", status_code=303)


async def _page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, form: dict[str, str],
    errors: dict[str, str], *, saved: bool = False,
) -> str:  # fmt: skip
    (brand,) = await brand_rows(db, [granted.brand_id])
    return shell(
        request,
        actor,
        "admin/shops.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        lines=await line_options(db),
        shops=await shops_of_brand(db),
        clerks=await clerks_of_brand(db, granted.brand_id),
        form=form,
        errors=errors,
        saved=saved,
    )
