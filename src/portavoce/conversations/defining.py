"""The choices of a line of business, kept by its brand's administrators: add, rename, put in order, retire."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.lines import line
from portavoce.brands.plain import plain
from portavoce.conversations.choices import (
    KINDS,
    LONGEST_LABEL,
    MOST,
    OUTCOME,
    Node,
    leaves,
    places_for,
    siblings,
    tree,
)
from portavoce.conversations.errors import BadChoice, NoChoice
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Disposition
from portavoce.core.unit import new_id, now

LONGEST_CODE = 40


async def add_choice(
    db: AsyncSession, lob_id: UUID, *, kind: str, label: str, parent_id: UUID | None = None, by: str
) -> UUID:
    """At the end of its list. BadChoice with a sentence by field."""
    await line(db, lob_id)
    nodes = (await line_rules(db, lob_id)).nodes
    if kind not in KINDS:
        raise BadChoice("Choose one of the options shown.", kind="unknown")
    if parent_id is not None and parent_id not in dict(places_for(nodes, kind)):
        raise BadChoice("Choose one of the options shown.", parent_id="unknown")
    beside = siblings(nodes, kind, parent_id)
    _check(beside, label)
    if len(beside) >= MOST:
        raise BadChoice(
            "A list has 15 choices at most. Retire one, or begin a list below another choice.", label="many"
        )
    row = Disposition(
        id=new_id(db),
        lob_id=lob_id,
        kind=kind,
        parent_id=parent_id,
        code=_code(label, {each.code for each in nodes}),
        label=label,
        position=max((each.position for each in beside), default=0) + 1,
    )
    db.add(row)
    await db.flush()
    audit(db, by, f"{kind}.added", "disposition", row.id, code=row.code)
    return row.id


async def change_choice(db: AsyncSession, choice_id: UUID, *, label: str, place: int, by: str) -> None:
    """Its code stays, and with it what the facts say. `place` counts from 1 among those of its list."""
    row, nodes = await _one(db, choice_id)
    beside = [each for each in siblings(nodes, row.kind, row.parent_id) if each.id != row.id]
    _check(beside, label)
    row.label = label
    await _place(db, row, [each.id for each in beside], place)
    audit(db, by, f"{row.kind}.changed", "disposition", row.id, code=row.code)


async def retire_choice(db: AsyncSession, choice_id: UUID, *, by: str) -> None:
    """With all below it; it stays on the contacts where it was chosen. BadChoice for the last outcome of a line."""
    row, nodes = await _one(db, choice_id)
    left = [each for each in nodes if each.id != choice_id]
    if row.kind == OUTCOME and not _can_be_chosen(left):
        raise BadChoice("One outcome has to stay, or nobody could close a contact.", retirement="last")
    row.retired_at = row.retired_at or now(db)
    audit(db, by, f"{row.kind}.retired", "disposition", row.id, code=row.code)


async def restore_choice(db: AsyncSession, choice_id: UUID, *, by: str) -> None:
    """Back into its list, at the end. BadChoice when the list is full, or has its label by now."""
    row, nodes = await _one(db, choice_id)
    beside = [each for each in siblings(nodes, row.kind, row.parent_id) if each.id != choice_id]
    if len(beside) >= MOST:
        raise BadChoice("This list has 15 choices already. Retire another one first.", retirement="many")
    if _taken(beside, row.label):
        raise BadChoice("This list has a choice of this name already.", retirement="taken")
    row.retired_at, row.position = None, max((each.position for each in beside), default=0) + 1
    audit(db, by, f"{row.kind}.restored", "disposition", row.id, code=row.code)


def _can_be_chosen(nodes: Sequence[Node]) -> bool:
    return any(True for _ in leaves(tree(nodes, OUTCOME)))


async def _one(db: AsyncSession, choice_id: UUID) -> tuple[Disposition, tuple[Node, ...]]:
    """With all others of its line, which is locked."""
    row = (await db.scalars(select(Disposition).where(Disposition.id == choice_id))).one_or_none()
    if row is None:
        raise NoChoice("This entry does not exist.")
    await line(db, row.lob_id)
    return row, (await line_rules(db, row.lob_id)).nodes


def _check(beside: Sequence[Node], label: str) -> None:
    if not 1 <= len(label) <= LONGEST_LABEL:
        raise BadChoice("Write from 1 to 40 characters.", label="length")
    if _taken(beside, label):
        raise BadChoice("This list has a choice of this name already.", label="taken")


def _taken(beside: Sequence[Node], label: str) -> bool:
    return label.casefold() in {each.label.casefold() for each in beside}


def _code(label: str, taken: set[str]) -> str:
    """What facts call it: letters, digits and underscores of its first label, unlike any other of the line."""
    words = re.findall("[a-z0-9]+", plain(label, accents=False).text)
    stem = "_".join(words)[:LONGEST_CODE].strip("_") or "choice"
    return next(
        code for code in (stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))) if code not in taken
    )


async def _place(db: AsyncSession, row: Disposition, others: Sequence[UUID], place: int) -> None:
    """The others close up around it."""
    before = max(0, place - 1)
    order = [*others[:before], row.id, *others[before:]]
    rows = await db.scalars(select(Disposition).where(Disposition.id.in_(order)))
    for each in rows:
        each.position = order.index(each.id) + 1
