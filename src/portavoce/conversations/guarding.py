"""The wrong-brand guard: does an answer carry another brand's marks? Asked while writing, decided when it is sent.

What the customer wrote may be repeated: lines behind `>` and words in quotation marks that stand in a message of
theirs are not looked at, and their own addresses, domains and numbers are not taken for a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.brands.judging import Hit, judge
from portavoce.brands.models import Brand
from portavoce.brands.phones import region_of
from portavoce.brands.plain import squeezed
from portavoce.brands.signals import USED, among, learn, ordinary_from
from portavoce.brands.traces import STRONG, Trace, traces
from portavoce.conversations.errors import BadReason, NamesAnother
from portavoce.conversations.models import Conversation, Interaction, Message
from portavoce.customers.models import CustomerIdentity
from portavoce.ledger.facts import record

STOPPED, OVERRIDDEN = "guard.stopped", "guard.overridden"
REASONS = ("quotation", "needed", "no_mark")
"""The customer's quotation; what the customer needs from somebody else; an ordinary word or number."""
HEARD = 20
"""Messages of the customer, from the last one back, whose words may be repeated."""
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_QUOTED_WORDS = re.compile(r"«[^»\n]{4,2000}»|“[^”\n]{4,2000}”|\"[^\"\n]{4,2000}\"")


class Findings(msgspec.Struct, frozen=True):
    """What was found in exactly this text."""

    text: str
    hits: tuple[Hit, ...] = ()

    @property
    def blocking(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.blocks]

    @property
    def keys(self) -> list[str]:
        return list(dict.fromkeys(hit.key for hit in self.blocking))


class Excuse(msgspec.Struct, frozen=True):
    """Why what was found may go out all the same; `keys` are those the writer was shown."""

    reason: str
    keys: frozenset[str]


async def examine(db: AsyncSession, brand_id: UUID, interaction_id: UUID, text: str) -> Findings:
    """Of an answer of this brand, which must be in scope; names those other brands that are in scope too."""
    brand = (await db.execute(select(Brand.name, Brand.zone).where(Brand.id == brand_id))).one_or_none()
    if brand is None or not text.strip():
        return Findings(text)
    region = region_of(brand.zone)
    found = traces(text, region)
    quoted = [each.span() for each in (*_QUOTED_LINE.finditer(text), *_QUOTED_WORDS.finditer(text))]
    if quoted or any(trace.outside for trace in found):
        said = await _said(db, brand_id, interaction_id)
        found = _unsaid(found, text, quoted, said, region)
    keys = {key for trace in found for key in trace.keys}
    known = await among(db, brand_id, keys)
    return Findings(text, tuple(judge(found, known, brand_id, {squeezed(brand.name)})))


async def clear(
    db: AsyncSession, interaction: Interaction, findings: Findings, *, by: BrandAgent, excuse: Excuse | None,
    form_key: UUID | None,
) -> None:  # fmt: skip
    """NamesAnother unless nothing blocks or all of it is excused, which is written down and remembered."""
    if not findings.blocking:
        return
    if excuse is None or not set(findings.keys) <= excuse.keys:
        raise NamesAnother("The text names something outside this brand. Correct it, or say why it is right.")
    if excuse.reason not in REASONS:
        raise BadReason("Choose one of the reasons shown.")
    kinds = sorted({hit.kind for hit in findings.blocking})
    cause = audit(
        db, str(by.id), OVERRIDDEN, "interaction", interaction.id, reason=excuse.reason, kinds=kinds
    )
    _tell(db, OVERRIDDEN, interaction.id, interaction.lob_id, by, kinds, form_key, cause, excuse.reason)
    strangers = [hit.key for hit in findings.blocking if hit.brand_id is None]
    await learn(db, USED, ordinary_from(strangers))


async def note_stop(
    db: AsyncSession, interaction_id: UUID, findings: Findings, *, by: BrandAgent, form_key: UUID | None
) -> None:
    """A near miss, in a transaction of its own: the one that refused rolls back. Kinds only, never words or brands."""
    lob = select(Interaction.lob_id).where(Interaction.id == interaction_id)
    kinds = sorted({hit.kind for hit in findings.blocking})
    _tell(db, STOPPED, interaction_id, await db.scalar(lob), by, kinds, form_key)


def _tell(
    db: AsyncSession, kind: str, interaction_id: UUID, lob_id: UUID | None, by: BrandAgent, kinds: list[str],
    form_key: UUID | None, cause_id: UUID | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    record(
        db,
        kind,
        actor=str(by.id),
        lob_id=lob_id,
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        cause_id=cause_id,
        kinds=kinds,
        form=None if form_key is None else str(form_key),
        reason=reason,
    )


async def _said(db: AsyncSession, brand_id: UUID, interaction_id: UUID) -> list[str]:
    """The customer's last messages, with what they quoted, and the addresses by which they are known."""
    conversation = (
        select(Interaction.conversation_id)
        .where(Interaction.brand_id == brand_id, Interaction.id == interaction_id)
        .scalar_subquery()
    )
    query = (
        select(Message.author, Message.subject, Message.body, Message.quoted)
        .where(
            Message.brand_id == brand_id,
            Message.conversation_id == conversation,
            Message.direction == "in",
        )
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(HEARD)
    )
    customer = select(Conversation.customer_id).where(
        Conversation.brand_id == brand_id, Conversation.id == conversation
    )
    addresses = select(CustomerIdentity.value).where(
        CustomerIdentity.brand_id == brand_id, CustomerIdentity.customer_id == customer.scalar_subquery()
    )
    said = ["\n".join(row) for row in await db.execute(query)]
    return [*said, *await db.scalars(addresses)]


def _unsaid(
    found: list[Trace], text: str, quoted: Collection[tuple[int, int]], said: list[str], region: str
) -> list[Trace]:
    """Without what is quoted; the customer's own traces are not outside."""
    heard = [squeezed(each) for each in said]
    theirs = [
        (start, end)
        for start, end in quoted
        if (words := squeezed(text[start:end])) and any(words in each for each in heard)
    ]
    keys = {
        key for each in said for trace in traces(each, region) if trace.kind in STRONG for key in trace.keys
    }
    return [
        msgspec.structs.replace(trace, outside=trace.outside and not keys & set(trace.keys[:1]))
        for trace in found
        if not any(start <= trace.start and trace.end <= end for start, end in theirs)
    ]
