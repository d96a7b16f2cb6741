"""Replies and notes: the form says for whom it was written, and what was typed is never lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.faces import BrandFace
from portavoce.conversations.approvals.asking import AWAITING
from portavoce.conversations.errors import AnsweredMeanwhile, NamesAnother, NoInteraction
from portavoce.conversations.guarding import Excuse, Findings
from portavoce.conversations.models import Message
from portavoce.core.errors import Conflict, Problem
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.contact import Contact, read_contact
from portavoce.web.desk.guard import findings_in, remember_stop, warned
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.later import wall
from portavoce.web.desk.pages import UNDO, desk_page, html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest, render

Verb = Callable[..., Awaitable[Message]]
"""(db, interaction, form, by=agent): writes what the form holds."""
WRONG_BRAND = N_("This text was written for another contact. Nothing was sent. Check whom you speak for.")


class WritingForm(msgspec.Struct):
    """`expected_…`: the brand and the contact that the writer saw. `form_key`: a second try has that of the first.

    `send_at`: on the brand's clock; blank means now. `preferred`: when the customer wishes, whatever `send_at` says.
    `approval`: the client approves it first. `reason` says why what is named in `excused` may go out although the guard
    found it.
    """

    expected_brand: UUID
    expected_interaction: UUID
    text: Annotated[str, msgspec.Meta(extra={"strip": False})] = ""
    form_key: UUID | None = None
    send_at: str = ""
    preferred: bool = False
    approval: bool = False
    reason: str = ""
    excused: list[str] = []


class Writing(msgspec.Struct):
    """One attempt to write; `kind` is reply, note or call."""

    request: AnyRequest
    db: AsyncSession
    actor: Actor
    granted: Granted
    me: BrandAgent
    interaction_id: UUID
    kind: str

    async def do(self, verb: Verb, shape: type[WritingForm]) -> Response[Any]:
        """409 when form and URL disagree or the contact is no longer the writer's, 422 without text; text kept.

        `shape` is the form's.
        """
        form, errors, raw = await read(self.request, shape)
        text = raw.get("text", "")
        if form is None:
            status = 422 if "text" in errors else 409
            raise await self._refusal(status, text, errors.get("text") or self._say(WRONG_BRAND))
        if (form.expected_brand, form.expected_interaction) != (self.granted.brand_id, self.interaction_id):
            raise await self._refusal(409, text, self._say(WRONG_BRAND))
        if form.preferred:
            form.send_at = await self._wished()
        findings, known = await self._examined(form)
        guarded = {"findings": findings, "excuse": _excuse(form)} if findings else {}
        try:
            message = await verb(self.db, self.interaction_id, form, by=self.me, **guarded)
        except NoInteraction:
            raise
        except AnsweredMeanwhile as error:
            raise await self._ask(form, error) from error
        except NamesAnother as error:
            assert findings is not None, "only a text that was looked at names anything"
            await remember_stop(
                self.request, self.granted, self.interaction_id, findings, self.me, form.form_key
            )
            stopped = {
                "guard": warned(findings, known), "form_key": form.form_key, "send_at": form.send_at,
                "approval": form.approval,
            }  # fmt: skip
            raise await self._refusal(error.status, text, self._say(error.message), **stopped) from error
        except Problem as error:
            raise await self._refusal(
                error.status, text, self._say(error.message), send_at=form.send_at
            ) from error
        return await self._done(message)

    async def _ask(self, form: WritingForm, error: AnsweredMeanwhile) -> Rejected:
        """Once: the form that comes back knows of the answer, which comes with it."""
        kept = {"form_key": form.form_key, "send_at": form.send_at, "asked": True}
        return await self._refusal(error.status, form.text, self._say(error.message), **kept)

    async def _wished(self) -> str:
        """As somebody would have written it; blank when the customer's hours have come meanwhile."""
        contact = await self._contact()
        wish = contact.wish(self.request.app.state.database.clock.now())
        return wall(wish.at, contact.brand.zone) if wish and wish.at else ""

    async def _examined(self, form: WritingForm) -> tuple[Findings | None, Mapping[UUID, BrandFace]]:
        """A note never leaves the house and may name anybody; so may who writes down what was said."""
        if self.kind != "reply":
            return None, {}
        return await findings_in(self.request, self.actor, self.granted, self.interaction_id, form.text)

    @property
    def _shown(self) -> str:
        return "note" if self.kind == "note" else "reply"

    def _say(self, sentence: str) -> str:
        return words_for(self.request).gettext(sentence)

    async def _contact(self) -> Contact:
        return await read_contact(self.db, self.interaction_id, self.granted.brand_id, self.me.agent_id)

    async def _done(self, message: Message) -> Response[Any]:
        if wants_page(self.request):
            return moved(contact_url(self.granted.slug, self.interaction_id))
        contact = await self._contact()
        now = self.request.app.state.database.clock.now()
        page = render(
            self.request,
            "desk/_conversation.html",
            now=now,
            compose=self._shown,
            **contact.context(),
        )
        return html(page, headers=self._way_back(contact, message))

    def _way_back(self, contact: Contact, message: Message) -> dict[str, str]:
        awaiting = message.state == AWAITING
        if message.leaves_at is None and not awaiting:
            return {}
        words, url = words_for(self.request), f"{contact.url}/messages/{message.id}/withdrawal"
        who = {"brand": contact.brand.name, "customer": contact.head.customer}
        text = words.gettext("%(brand)s answers %(customer)s", **who)
        if awaiting:
            text = words.gettext("The client has the reply to %(customer)s to approve. %(brand)s", **who)
        return says(toast={"text": text, "action": words.gettext("Undo"), "event": UNDO, "url": url})

    async def _refusal(self, status: int, text: str, problem: str, **context: Any) -> Rejected:
        typed = {"note_text" if self.kind == "note" else "text": text}
        said = {"problem": problem, "compose": self._shown, **typed, **context}
        contact = await self._contact()
        if wants_page(self.request):
            return Rejected(status, html=await desk_page(self.request, self.actor, contact, **said))
        now = self.request.app.state.database.clock.now()
        page = render(self.request, "desk/_refused.html", now=now, **said, **contact.context())
        return Rejected(status, html=page, headers={"HX-Retarget": "#foot", "HX-Reswap": "innerHTML"})


def _excuse(form: WritingForm) -> Excuse | None:
    return Excuse(form.reason, frozenset(form.excused)) if form.reason else None


def require_same_contact(brand: str | None, interaction: str | None, contact: Contact) -> None:
    """Conflict when a form was filled in for another contact than the one of its address: a stale view."""
    if (brand, interaction) != (str(contact.brand.id), str(contact.head.interaction_id)):
        raise Conflict(WRONG_BRAND)
