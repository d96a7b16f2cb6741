"""The wrong-brand guard on the screen: what was found, in the writer's words and with the names they may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portavoce.agents.models import BrandAgent
from portavoce.brands.faces import BrandFace, faces
from portavoce.brands.judging import Hit
from portavoce.conversations.guarding import REASONS, Findings, examine, note_stop
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.identity.granting import Granted
from portavoce.web.access import DESK_ROLES, Actor
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.pages import html
from portavoce.web.forms import read
from portavoce.web.pages import AnyRequest, render

CONTACT = "/b/{brand:str}/interactions/{interaction_id:uuid}"
AROUND = 44
"""Characters shown on either side of a hit."""
SHOWN = 4
UTF16 = "utf-16-le"


class Passage(msgspec.Struct, frozen=True):
    """A hit with the words around it; `brand` is None for what is outside, `blocks` as of the hit."""

    kind: str
    before: str
    marked: str
    after: str
    brand: BrandFace | None
    blocks: bool


class Warned(msgspec.Struct, frozen=True):
    """`start` and `end` of the first hit count as scripts do; `keys` is what an excuse must name."""

    passages: list[Passage]
    more: int
    named: list[BrandFace]
    outside: bool
    blocks: bool
    keys: list[str]
    reasons: tuple[str, ...]
    start: int
    end: int


async def findings_in(
    request: AnyRequest, actor: Actor, granted: Granted, interaction_id: UUID, text: str
) -> tuple[Findings, Mapping[UUID, BrandFace]]:
    """Read in all brands of the writer, so that these can be named, and no others."""
    database: Database = request.app.state.database
    async with database.begin(Scope.reading(actor.brands(DESK_ROLES))) as db:
        findings = await examine(db, granted.brand_id, interaction_id, text)
        named = {hit.brand_id for hit in findings.hits if hit.brand_id}
        return findings, await faces(db, named) if named else {}


async def remember_stop(
    request: AnyRequest, granted: Granted, interaction_id: UUID, findings: Findings, me: BrandAgent, form_key: UUID | None
) -> None:  # fmt: skip
    """The near miss outlives the transaction that was refused."""
    database: Database = request.app.state.database
    async with database.begin(Scope.writing(granted.brand_id)) as db:
        await note_stop(db, interaction_id, findings, by=me, form_key=form_key)


def warned(findings: Findings, known: Mapping[UUID, BrandFace]) -> Warned | None:
    """None when there is nothing to say."""
    if not findings.hits:
        return None
    hits = sorted(findings.hits, key=lambda hit: (not hit.blocks, hit.start))
    named = {hit.brand_id for hit in hits if hit.brand_id}
    return Warned(
        passages=[_passage(findings.text, hit, known) for hit in hits[:SHOWN]],
        more=len(hits[SHOWN:]),
        named=[face for brand, face in known.items() if brand in named],
        outside=any(hit.brand_id is None for hit in hits),
        blocks=bool(findings.blocking),
        keys=findings.keys,
        reasons=REASONS,
        start=_units(findings.text[: hits[0].start]),
        end=_units(findings.text[: hits[0].end]),
    )


def _passage(text: str, hit: Hit, known: Mapping[UUID, BrandFace]) -> Passage:
    before, after = text[max(0, hit.start - AROUND) : hit.start], text[hit.end : hit.end + AROUND]
    if hit.start > AROUND:
        before = f"…{before.partition(' ')[2]}"
    if hit.end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]}…"
    brand = known.get(hit.brand_id) if hit.brand_id else None
    return Passage(hit.kind, before, text[hit.start : hit.end], after, brand, hit.blocks)


def _units(text: str) -> int:
    """Length as JavaScript counts."""
    return len(text.encode(UTF16, "surrogatepass")) // 2


class CheckForm(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(extra={"strip": False})] = ""


class CheckController(Controller):
    """Asked while somebody writes. It marks and refuses nothing: the answer counts when it is sent."""

    path = f"{CONTACT}/draft-check"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        form, _errors, _raw = await read(request, CheckForm)
        if form is None:
            return html("")
        findings, known = await findings_in(request, actor, granted, interaction_id, form.text)
        guard = warned(findings, known)
        return html(render(request, "desk/_guard_note.html", guard=guard) if guard else "")
