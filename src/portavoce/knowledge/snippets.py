"""Keep a brand's snippets, and find those that serve a contact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.models import LineOfBusiness
from portavoce.core.unit import new_id, now, written_brand
from portavoce.knowledge.errors import BadSnippet, NoSnippet
from portavoce.knowledge.fields import filled, unknown
from portavoce.knowledge.models import LANGUAGES, Snippet, SnippetText

MOST = 500
"""Of one brand."""
LONGEST = 5_000
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


class SnippetRow(msgspec.Struct, frozen=True):
    """`texts` by language."""

    id: UUID
    lob_id: UUID | None
    channel: str | None
    name: str
    shortcut: str
    used: int
    texts: dict[str, str]

    def in_language(self, *wishes: str) -> tuple[str, str]:
        """Language and text: the first wish somebody wrote, else whatever there is."""
        language = next(wish for wish in (*wishes, *LANGUAGES) if wish in self.texts)
        return language, self.texts[language]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator wrote. A blank text means: not in this language."""

    name: str
    shortcut: str
    lob_id: UUID | None = None
    channel: str | None = None
    texts: Mapping[str, str]


COLUMNS = tuple(getattr(Snippet, name) for name in SnippetRow.__struct_fields__ if name != "texts")


async def snippets(db: AsyncSession) -> list[SnippetRow]:
    """All of the one brand in scope, by name."""
    return await _rows(db, select(*COLUMNS))


async def snippets_for(db: AsyncSession, lob_id: UUID, channel: str) -> list[SnippetRow]:
    """Those of the one brand in scope that serve this line of business on this channel, by name."""
    query = select(*COLUMNS).where(
        or_(Snippet.lob_id.is_(None), Snippet.lob_id == lob_id),
        or_(Snippet.channel.is_(None), Snippet.channel == channel),
    )
    return await _rows(db, query)


async def snippet(db: AsyncSession, snippet_id: UUID) -> SnippetRow:
    """Of the one brand in scope; NoSnippet when it has no such."""
    found = await _rows(db, select(*COLUMNS).where(Snippet.id == snippet_id))
    if not found:
        raise NoSnippet("This snippet does not exist.")
    return found[0]


async def save(db: AsyncSession, draft: Draft, *, snippet_id: UUID | None = None) -> UUID:
    """A new one, or what an old one says from now on. BadSnippet names the field that has to change."""
    await _check(db, draft, snippet_id)
    if snippet_id is None:
        row = Snippet(id=new_id(db), used=0)
        db.add(row)
    else:
        await snippet(db, snippet_id)
        row = await db.get_one(Snippet, (written_brand(db), snippet_id))
        await db.execute(delete(SnippetText).where(SnippetText.snippet_id == row.id))
    row.brand_id, row.name, row.shortcut = written_brand(db), draft.name, draft.shortcut
    row.lob_id, row.channel, row.changed_at = draft.lob_id, draft.channel, now(db)
    await db.flush()
    db.add_all(
        SnippetText(brand_id=row.brand_id, snippet_id=row.id, language=language, text=text)
        for language, text in draft.texts.items()
        if text
    )
    audit(db, "admin", "snippet.saved", "snippet", row.id, shortcut=row.shortcut)
    return row.id


async def remove(db: AsyncSession, snippet_id: UUID) -> None:
    """NoSnippet when the brand has no such. What was sent with it stays as it was sent."""
    found = await snippet(db, snippet_id)
    await db.execute(delete(SnippetText).where(SnippetText.snippet_id == snippet_id))
    await db.execute(delete(Snippet).where(Snippet.id == snippet_id))
    audit(db, "admin", "snippet.removed", "snippet", snippet_id, shortcut=found.shortcut, used=found.used)


async def use(
    db: AsyncSession, snippet_id: UUID, lob_id: UUID, channel: str, values: Mapping[str, str], *languages: str
) -> str:
    """The text for a contact, its fields filled; counted. NoSnippet when it serves another service or channel."""
    served = {row.id: row for row in await snippets_for(db, lob_id, channel)}
    if snippet_id not in served:
        raise NoSnippet("This snippet does not exist.")
    await db.execute(update(Snippet).where(Snippet.id == snippet_id).values(used=Snippet.used + 1))
    return filled(served[snippet_id].in_language(*languages)[1], values)


async def _rows(db: AsyncSession, query: Select[Any]) -> list[SnippetRow]:
    found: list[tuple[Any, ...]] = [
        tuple(row) for row in await db.execute(query.order_by(Snippet.name, Snippet.id).limit(MOST))
    ]
    texts: dict[UUID, dict[str, str]] = {row[0]: {} for row in found}
    spoken = select(SnippetText.snippet_id, SnippetText.language, SnippetText.text).where(
        SnippetText.snippet_id.in_(list(texts))
    )
    for snippet_id, language, text in await db.execute(spoken):
        texts[snippet_id][language] = text
    return [SnippetRow(*[*row, texts[row[0]]]) for row in found]


async def _check(db: AsyncSession, draft: Draft, snippet_id: UUID | None) -> None:
    if not _SHORTCUT.fullmatch(draft.shortcut):
        raise BadSnippet("Use small letters, digits and hyphens, for example late-parcel.", shortcut="form")
    if not any(draft.texts.get(language) for language in LANGUAGES):
        raise BadSnippet("Write the text in one language at least.", text_it="none", text_en="none")
    for language, text in draft.texts.items():
        if len(text) > LONGEST:
            raise BadSnippet("Shorten this text to 5000 characters.", **{f"text_{language}": "long"})
        if wrong := unknown(text):
            raise BadSnippet("A field in double braces is not known. Use one of those listed.", **{f"text_{language}": wrong})  # fmt: skip
    lines = set((await db.scalars(select(LineOfBusiness.id))).all())
    if draft.lob_id is not None and draft.lob_id not in lines:
        raise BadSnippet("Choose one of the options shown.", lob_id="unknown")
    named = await db.execute(select(Snippet.shortcut, Snippet.id))
    others: dict[str, UUID] = {row.shortcut: row.id for row in named}
    if others.get(draft.shortcut, snippet_id) != snippet_id:
        raise BadSnippet("Another snippet of this brand has this shortcut.", shortcut="taken")
    if snippet_id is None and len(others) >= MOST:
        raise BadSnippet("This brand has as many snippets as it may. Remove one first.", name="most")
