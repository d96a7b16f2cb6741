"""Who is this? A contact in hand is linked to a customer the brand knows, by a code sent to them or on evidence."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of
from portavoce.agents.models import BrandAgent
from portavoce.conversations.history_queries import BRIEF
from portavoce.conversations.recognising.candidates import candidate, candidates
from portavoce.conversations.recognising.coding import enter_code, send_code
from portavoce.conversations.recognising.errors import (
    BadCode,
    BadEvidence,
    CannotLink,
    NoAddress,
    TooManyCodes,
)
from portavoce.conversations.recognising.linking import link_by_evidence
from portavoce.conversations.recognising.queries import code_of_contact
from portavoce.core.errors import NotFound, Problem
from portavoce.customers.masking import masked
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING, PASSIVE, Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.interactions import opened, typed_before
from portavoce.web.desk.me import IN_BRAND, OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected, retry_of
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

HERE = {"HX-Retarget": "#who-body", "HX-Reswap": "innerHTML"}
SAID = (
    N_("This contact is this customer's already."),
    N_("This customer was merged meanwhile. Look for them again."),
    N_("No code can be sent there. Choose one of the addresses shown."),
    N_("Enough codes were sent. Wait, or record what convinced you."),
    N_("A code has six digits. Ask the customer to read it again."),
    N_("This code was used already. Send another one."),
    N_("This code was tried too often. Send another one."),
    N_("Another code was sent since. Ask for the newest one."),
    N_("This code is older than ten minutes. Send another one."),
    N_("Write what it was that convinced you."),
    N_("The code could not leave while it was good."),
    N_("Mail cannot leave for this address."),
)
"""What the verbs say, for the translators."""


class CodeForm(msgspec.Struct):
    """`known_at`: the identity to which the code goes."""

    other: UUID
    known_at: UUID


class EntryForm(msgspec.Struct):
    code: UUID
    digits: Annotated[str, msgspec.Meta(max_length=40)]


class LinkForm(msgspec.Struct):
    other: UUID
    evidence: str = ""
    words: Annotated[str, msgspec.Meta(max_length=500)] = ""


class WhoController(Controller):
    path = f"{CONTACT}/who"

    @get(dependencies=IN_BRAND)
    async def show(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
        q: FromQuery[str | None] = None,
        other: FromQuery[UUID | None] = None,
        anew: FromQuery[bool] = False,
    ) -> Response[Any]:
        """What the dialog shows: `q` asks for people, `other` is the one that was chosen; else where it was left."""
        agent = await agent_of(db, actor.person_id)
        contact = await read_contact(db, interaction_id, granted.brand_id, agent.agent_id if agent else None)
        if wants_page(request):
            return moved(contact.url)
        if q is not None:
            found = await candidates(db, granted.brand_id, interaction_id, q)
            return html(_part(request, "desk/_who_found.html", contact, found=found, text=q.strip()))
        if other is not None:
            return html(await _chosen(request, db, contact, other))
        return html(await (_search if anew else _begun)(request, db, contact))

    @get("/codes", dependencies=IN_BRAND, opt={PASSIVE: True})
    async def sending(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """What became of the mail, asked by the dialog until it is known."""
        contact = await read_contact(db, interaction_id, granted.brand_id, None, extent=BRIEF)
        if wants_page(request):
            return moved(contact.url)
        return html(
            _part(request, "desk/_who_sent.html", contact, sent=await code_of_contact(db, interaction_id))
        )

    @post("/codes", status_code=200, dependencies=OF_THE_CONTACT)
    async def send(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, _errors, raw = await read(request, CodeForm)
        if form is None:
            raise NotFound(MISSING)
        try:
            await send_code(db, interaction_id, form.other, form.known_at, by=me)
        except (NoAddress, TooManyCodes, CannotLink) as error:
            raise await _again(request, db, contact, form.other, error, raw) from error
        if wants_page(request):
            return moved(contact.url)
        await db.flush()
        return html(await _begun(request, db, contact), headers=HERE)

    @post("/entry", status_code=200, dependencies=OF_THE_CONTACT)
    async def enter(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """A wrong code is an answer, so that its try is kept; every other refusal rolls back."""
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, _raw = await read(request, EntryForm)
        words = words_for(request)
        if form is None:
            raise Rejected(422, html=await _begun(request, db, contact, errors=errors), headers=HERE)
        try:
            entered = await enter_code(
                db, interaction_id, form.code, form.digits, keys=request.app.state.code_keys, by=me
            )
        except (BadCode, CannotLink) as error:
            said = words.gettext(error.message)
            page = await _begun(request, db, contact, errors={"digits": said}, problem=said)
            raise Rejected(error.status, html=page, headers=HERE) from error
        if entered.link is not None:
            return await _linked(request, db, granted, me, interaction_id)
        await db.flush()
        said = (
            words.ngettext(
                "Not this code. %(num)d try is left.", "Not this code. %(num)d tries are left.", entered.left
            )
            if entered.left
            else words.gettext("This code was tried too often. Send another one.")
        )
        page = await _begun(request, db, contact, errors={"digits": said}, problem=said)
        return html(page, status=422, headers=HERE)

    @post("/links", status_code=200, dependencies=OF_THE_CONTACT)
    async def link(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
        form, errors, raw = await read(request, LinkForm)
        if form is None and "other" in errors:
            raise NotFound(MISSING)
        other = UUID(raw["other"]) if form is None else form.other
        try:
            if form is None:
                raise BadEvidence("Check the fields below.", **errors)
            await link_by_evidence(db, interaction_id, other, form.evidence, form.words, by=me)
        except (BadEvidence, CannotLink) as error:
            raise await _again(request, db, contact, other, error, raw) from error
        return await _linked(request, db, granted, me, interaction_id)


def _part(request: AnyRequest, template: str, contact: Contact, **said: Any) -> str:
    now = request.app.state.database.clock.now()
    return render(request, template, now=now, **said, **contact.context())


async def _begun(
    request: AnyRequest, db: AsyncSession, contact: Contact, *, errors: dict[str, str] | None = None,
    problem: str = "",
) -> str:  # fmt: skip
    """The code that was sent waits to be typed; without one, who it may be."""
    here = contact.head.interaction_id
    sent = await code_of_contact(db, here)
    chosen = await candidate(db, here, sent.customer_id) if sent else None
    if sent is not None and chosen is not None:
        to = masked("email", sent.sent_to)
        said = {"sent": sent, "to": to, "chosen": chosen, "errors": errors or {}, "form": {}}
        return _part(request, "desk/_who_code.html", contact, **said)
    return await _search(request, db, contact, problem=problem)


async def _search(request: AnyRequest, db: AsyncSession, contact: Contact, *, problem: str = "") -> str:
    found = await candidates(db, contact.brand.id, contact.head.interaction_id, "")
    return _part(request, "desk/_who_search.html", contact, found=found, text="", problem=problem)


async def _chosen(
    request: AnyRequest, db: AsyncSession, contact: Contact, other: UUID, *, form: dict[str, str] | None = None,
    errors: dict[str, str] | None = None, problem: str = "",
) -> str:  # fmt: skip
    """NotFound for who is not of this brand; who stands for another one by now is looked for again."""
    chosen = await candidate(db, contact.head.interaction_id, other)
    if chosen is None and not problem:
        raise NotFound(MISSING)
    if chosen is None:
        return await _search(request, db, contact, problem=problem)
    said = {"chosen": chosen, "form": form or {}, "errors": errors or {}, "problem": problem}
    return _part(request, "desk/_who_chosen.html", contact, **said)


async def _again(
    request: AnyRequest, db: AsyncSession, contact: Contact, other: UUID, error: Problem, raw: dict[str, str]
) -> Rejected:
    """What was chosen once more, with what stands in the way."""
    words = words_for(request)
    fields = error.fields if isinstance(error, BadEvidence) else {}
    errors = {name: words.gettext(sentence) for name, sentence in fields.items()}
    problem = "" if errors else words.gettext(error.message)
    page = await _chosen(request, db, contact, other, form=raw, errors=errors, problem=problem)
    return Rejected(error.status, html=page, headers={**HERE, **retry_of(error)})


async def _linked(
    request: AnyRequest, db: AsyncSession, granted: Granted, me: BrandAgent, interaction_id: UUID
) -> Response[Any]:
    """The contact, which is the known customer's now; what was typed and not sent is still there."""
    await db.flush()
    contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
    if wants_page(request):
        return moved(contact.url)
    text = words_for(request).gettext("Linked: this is %(customer)s.", customer=contact.head.customer)
    page = opened(request, contact, **await typed_before(db, contact))
    return html(page, headers=says(say={"text": text}))
