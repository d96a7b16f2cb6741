"""Act on several waiting contacts of one brand: choose what, look at what it would do, do it, take it back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.faces import BrandFace, faces
from portavoce.brands.models import LineOfBusiness
from portavoce.calendars.errors import NoSuchMoment
from portavoce.calendars.moments import moment
from portavoce.conversations.bulk.carrying import carry_on
from portavoce.conversations.bulk.errors import BadWish
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.planning import Plan, check_wish, plan
from portavoce.conversations.bulk.queries import progress_of
from portavoce.conversations.bulk.starting import begin, begin_undoing
from portavoce.core.db import Database
from portavoce.core.errors import NotFound
from portavoce.core.scope import Scope
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING, Actor, provide_desk_brand
from portavoce.web.desk.bulk_words import offered, told
from portavoce.web.desk.later import moments
from portavoce.web.desk.me import provide_me
from portavoce.web.desk.pages import HOME, html, moved, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render

AT_ONCE = 5
"""So many contacts are done before the page is answered; what is more goes on while it shows how far."""
SUPERVISOR = "supervisor"
BULK = "/b/{brand:str}/bulk"
OF_THE_BRAND = {"granted": Provide(provide_desk_brand)}


class BulkForm(msgspec.Struct, kw_only=True):
    """`later`: one of the moments offered, `moment` another one; `why` is the note; `form_key` what the act will be known
    by. The names differ from those of an open contact's own forms, which are on the same page.
    """

    contact: list[UUID]
    verb: str = ""
    later: str = ""
    moment: str = ""
    receiver: UUID | None = None
    line: UUID | None = None
    outcome: str = ""
    cause: str = ""
    why: Annotated[str, msgspec.Meta(extra={"lines": True})] = ""
    form_key: UUID | None = None


class Asked(msgspec.Struct, frozen=True):
    """Who acts on what, for the one brand of the address."""

    me: BrandAgent
    supervising: bool
    made: Plan
    brand: BrandFace


class BulkController(Controller):
    path = BULK
    dependencies = OF_THE_BRAND

    @post("/choice", status_code=200)
    async def choose(
        self, request: AnyRequest, actor: NamedDependency[Actor], granted: NamedDependency[Granted]
    ) -> Response[Any]:
        """What can be done with the selected contacts. 404 when one of them is not this brand's."""
        form, _errors, raw = await read(request, BulkForm)
        if form is None:
            raise NotFound(MISSING)
        async with _database(request).begin(Scope.reading({granted.brand_id})) as db:
            asked = await _asked(db, form, actor, granted)
            return html(_choices(request, db, asked, {**raw, "verb": form.verb or "take"}, {}))

    @post("/preview", status_code=200)
    async def preview(
        self, request: AnyRequest, actor: NamedDependency[Actor], granted: NamedDependency[Granted]
    ) -> Response[Any]:
        """How many, and who is left out and why; nothing is done."""
        form, _errors, raw = await read(request, BulkForm)
        if form is None:
            raise NotFound(MISSING)
        async with _database(request).begin(Scope.reading({granted.brand_id})) as db:
            asked = await _asked(db, form, actor, granted)
            wish = await _wish(request, db, asked, form, raw)
            verdicts = asked.made.verdicts(wish)
            page = render(
                request, "desk/_bulk_preview.html", brand=asked.brand, form=raw, wish=wish, plan=asked.made,
                fit=[each.contact for each in verdicts if not each.why], key=new_id(db),
                left_out=told((each.why, each.contact.customer) for each in verdicts),
            )  # fmt: skip
            return html(page)

    @post(status_code=200)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], granted: NamedDependency[Granted]
    ) -> Response[Any]:
        """The same form again shows the act it became the first time."""
        form, _errors, raw = await read(request, BulkForm)
        if form is None or form.form_key is None:
            raise NotFound(MISSING)
        known_as = form.form_key

        async def write(db: AsyncSession) -> UUID:
            asked = await _asked(db, form, actor, granted)
            wish = await _wish(request, db, asked, form, raw)
            supervising = asked.supervising
            return (await begin(db, known_as, asked.made, wish, by=asked.me, supervising=supervising)).id

        action_id = await _database(request).run(Scope.writing(granted.brand_id), write)
        if len(set(form.contact)) <= AT_ONCE:
            await carry_on(_database(request), granted.brand_id, action_id)
        return await _shown(request, actor, granted, action_id)


class BulkActionController(Controller):
    path = f"{BULK}/{{action_id:uuid}}"
    dependencies = OF_THE_BRAND

    @get()
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        action_id: FromPath[UUID],
    ) -> Response[Any]:
        """How far it is; its author's to see."""
        return await _shown(request, actor, granted, action_id)

    @post("/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        action_id: FromPath[UUID],
    ) -> Response[Any]:
        async def write(db: AsyncSession) -> int:
            me = await provide_me(actor, db)
            await begin_undoing(db, action_id, by=me)
            return len((await progress_of(db, action_id, by=me.id)).steps)

        if await _database(request).run(Scope.writing(granted.brand_id), write) <= AT_ONCE:
            await carry_on(_database(request), granted.brand_id, action_id)
        return await _shown(request, actor, granted, action_id)


async def _asked(db: AsyncSession, form: BulkForm, actor: Actor, granted: Granted) -> Asked:
    await _all_here(db, form, granted.brand_id)
    me = await provide_me(actor, db)
    supervising = any(
        (grant.brand_id, grant.role) == (granted.brand_id, SUPERVISOR) for grant in actor.grants
    )
    made = await plan(db, form.contact, by=me, supervising=supervising)
    return Asked(me, supervising, made, (await faces(db, [granted.brand_id]))[granted.brand_id])


async def _all_here(db: AsyncSession, form: BulkForm, brand_id: UUID) -> None:
    """Also where the verb asks for neither: a form that names what is not this brand's was never there."""
    for table, named in ((BrandAgent, form.receiver), (LineOfBusiness, form.line)):
        if named is not None and await db.get(table, (brand_id, named)) is None:
            raise NotFound(MISSING)


async def _wish(
    request: AnyRequest, db: AsyncSession, asked: Asked, form: BulkForm, raw: dict[str, str]
) -> Wish:
    """What the form says; Rejected, with the form once more, for what cannot be."""
    try:
        until = moment(form.moment or form.later, asked.brand.zone) if form.verb == "aside" else None
        wish = Wish(
            form.verb,
            until,
            form.receiver if form.verb == "agent" else None,
            form.line if form.verb == "queue" else None,
            form.outcome if form.verb == "close" else "",
            form.cause if form.verb in ("close", "reason") else "",
            form.why if form.verb in ("agent", "queue", "close") else "",
        )
        await check_wish(db, wish, asked.made)
    except NoSuchMoment as error:
        raise _again(
            request, db, asked, raw, {"later": "Choose a moment, or write the day and the time."}
        ) from error
    except BadWish as error:
        raise _again(request, db, asked, raw, dict.fromkeys(error.fields, error.message)) from error
    return wish


def _again(
    request: AnyRequest, db: AsyncSession, asked: Asked, raw: dict[str, str], errors: dict[str, str]
) -> Rejected:
    page = _choices(request, db, asked, raw, errors)
    return Rejected(422, html=page, headers={"HX-Retarget": "#bulk-body", "HX-Reswap": "innerHTML"})


def _choices(
    request: AnyRequest, db: AsyncSession, asked: Asked, raw: dict[str, str], errors: dict[str, str]
) -> str:
    words = words_for(request)
    return render(
        request,
        "desk/_bulk_form.html",
        brand=asked.brand,
        plan=asked.made,
        form=raw,
        errors={name: words.gettext(sentence) for name, sentence in errors.items()},
        moments=moments(now(db), asked.brand.zone),
        outcomes=offered(asked.made.rules.values(), "outcome", words),
        reasons=offered(asked.made.rules.values(), "reason", words),
    )


async def _shown(request: AnyRequest, actor: Actor, granted: Granted, action_id: UUID) -> Response[Any]:
    async with _database(request).begin(Scope.reading({granted.brand_id})) as db:
        me = await provide_me(actor, db)
        progress = await progress_of(db, action_id, by=me.id)
        brand = (await faces(db, [granted.brand_id]))[granted.brand_id]
    if wants_page(request):
        return moved(HOME)
    left_out = told((each.why, each.customer) for each in progress.steps if each.state == "left_out")
    kept = told((each.why, each.customer) for each in progress.steps if each.state == "kept")
    page = render(
        request, "desk/_bulk_progress.html", brand=brand, progress=progress, left_out=left_out, kept=kept
    )
    return html(page)


def _database(request: AnyRequest) -> Database:
    database: Database = request.app.state.database
    return database


BULK_ACTIONS = (BulkController, BulkActionController)
