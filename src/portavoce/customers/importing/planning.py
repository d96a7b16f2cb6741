"""What each line of a file would do: add somebody, change somebody, nothing, or what is wrong with it. A calculation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from portavoce.customers.attributes import BadValue
from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.identities import BY_NUMBER, normalise
from portavoce.customers.importing.cells import answer_of, column_of
from portavoce.customers.importing.fields import EMAIL, IDENTIFIER, PHONE, REACHED

NEW, CHANGED, SAME, CONFLICT, WRONG = "new", "changed", "same", "conflict", "wrong"
MAIL_CHANNEL, NUMBER_CHANNEL = "email", "phone"
NOT_THERE = "No customer of this brand has this identifier. Leave it empty for somebody new."
MERGED = "This customer was merged into another one. Leave the identifier empty."
BAD_MAIL = "This is no mail address. Write it as name@domain.example."
BAD_PHONE = "This is no telephone number. Write it with its country, for example +39 02 1234567."
NOBODY = "Fill in an identifier, a mail address or a telephone number: nobody could be found again without."
OTHERS = "Another customer of this brand has it. Take it out, or merge the two first."
TWO = "These addresses belong to different customers. Leave those of one, or merge the two first."
TWICE = "Line %(line)s is about the same customer. Keep one of the two."
Mistake = tuple[str, str, int]
"""Field, sentence, and the line it speaks of, or 0."""


class Asked(msgspec.Struct, frozen=True):
    """An attribute of the brand, by the name it has in a mapping."""

    id: UUID
    field: str
    kind: str
    options: tuple[str, ...]


class Held(msgspec.Struct, frozen=True):
    """A customer as the brand knows them; `values` by attribute."""

    id: UUID
    version: int
    merged: bool
    columns: Mapping[str, str]
    values: Mapping[UUID, str]


class Known(msgspec.Struct, frozen=True):
    """Of the customers a part of the file may be about: owners by channel and value, and themselves."""

    owners: Mapping[tuple[str, str], UUID]
    customers: Mapping[UUID, Held]


class Typed(msgspec.Struct, frozen=True):
    """A line before anybody was looked up. `reached`: (channel, value, as it was written)."""

    line: int
    customer_id: UUID | None
    reached: tuple[tuple[str, str, str], ...]
    cells: Mapping[str, str]
    mistakes: tuple[Mistake, ...]


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A line of the report: ids and codes, and nothing of what a cell or a profile says.

    `version` is the profile's that would be changed, so that a report is seen to be outdated.
    """

    line: int
    verdict: str
    customer_id: UUID | None = None
    version: int = 0
    fields: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """An entry with what it stands for: before and after by column and by attribute, and what is added to reach them."""

    entry: Entry
    columns: Mapping[str, tuple[str, str]] = {}
    values: Mapping[UUID, tuple[str, str]] = {}
    reached: tuple[tuple[str, str, str], ...] = ()


def typed(line: int, cells: Sequence[str], mapping: Sequence[str], region: str) -> Typed:
    """`region`: the country whose national numbers may come without their prefix."""
    customer_id: UUID | None = None
    reached: dict[tuple[str, str], str] = {}
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for field, cell in zip(mapping, cells, strict=True):
        text = cell.strip()
        if not field or not text:
            continue
        try:
            if field == IDENTIFIER:
                customer_id = _identifier(text)
            elif field in (EMAIL, PHONE, REACHED):
                for channel, value, shown in _reached(field, text, region):
                    reached.setdefault((channel, value), shown)
            else:
                texts[field] = cell
        except BadValue as error:
            mistakes.append((field, str(error), 0))
    if customer_id is None and not reached and not mistakes:
        mistakes.append(("", NOBODY, 0))
    return Typed(
        line, customer_id, tuple((*key, shown) for key, shown in reached.items()), texts, tuple(mistakes)
    )


class Planner:
    """Goes through one file from its first line to its last, and remembers whom it met."""

    def __init__(self, asked: Iterable[Asked], language: str) -> None:
        self._asked = {each.field: each for each in asked}
        self._language = language
        self._met: dict[object, int] = {}

    def plan_all(self, lines: Iterable[Typed], known: Known) -> list[Plan]:
        return [self.plan(line, known) for line in lines]

    def plan(self, line: Typed, known: Known) -> Plan:
        owner, mistakes = _owner(line, known)
        held = known.customers.get(owner) if owner else None
        added = tuple(each for each in line.reached if not _owners(each, known))
        twice = self._twice(line.line, [owner] if owner else [], [each[:2] for each in added])
        columns, values, bad = self._changes(line.cells, held)
        wrong = [*line.mistakes, *bad]
        if wrong or mistakes or twice:
            verdict = WRONG if wrong else CONFLICT
            return Plan(Entry(line.line, verdict, mistakes=(*wrong, *mistakes, *twice)))
        if held is None:
            columns = {"language": ("", self._language), "name": ("", line.reached[0][2]), **columns}
            return Plan(Entry(line.line, NEW), columns, values, added)
        fields = (*columns, *(["identity"] if added else []), *(f"a_{each.hex}" for each in values))
        if not fields:
            return Plan(Entry(line.line, SAME, held.id))
        return Plan(
            Entry(line.line, CHANGED, held.id, held.version, tuple(sorted(fields))), columns, values, added
        )

    def _twice(self, line: int, *keys: Iterable[object]) -> list[Mistake]:
        """A customer, or an address that nobody has yet, that an earlier line names."""
        earlier = {self._met.setdefault(key, line) for some in keys for key in some} - {line}
        return [("", TWICE, min(earlier))] if earlier else []

    def _changes(
        self, cells: Mapping[str, str], held: Held | None
    ) -> tuple[dict[str, tuple[str, str]], dict[UUID, tuple[str, str]], list[Mistake]]:
        """What is there already stays whatever it is: an option that the brand no longer offers, too."""
        columns: dict[str, tuple[str, str]] = {}
        values: dict[UUID, tuple[str, str]] = {}
        mistakes: list[Mistake] = []
        for field, cell in cells.items():
            asked = self._asked.get(field)
            before = _before(field, asked, held)
            if cell.strip() == before.strip():
                continue
            try:
                after = (
                    column_of(field, cell) if asked is None else answer_of(asked.kind, asked.options, cell)
                )
            except BadValue as error:
                mistakes.append((field, str(error), 0))
                continue
            if after == before:
                continue
            if asked is None:
                columns[field] = (before, after)
            else:
                values[asked.id] = (before, after)
        return columns, values, mistakes


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadValue(NOT_THERE) from None


def _reached(field: str, text: str, region: str) -> Iterable[tuple[str, str, str]]:
    for shown in text.split() if field == REACHED else [text]:
        is_mail = field == EMAIL or (field == REACHED and "@" in shown)
        try:
            channel = MAIL_CHANNEL if is_mail else NUMBER_CHANNEL
            yield channel, normalise(channel, shown, region), shown
        except UnusableIdentity:
            raise BadValue(BAD_MAIL if is_mail else BAD_PHONE) from None


def _owners(reached: tuple[str, str, str], known: Known) -> set[UUID]:
    """Whoever has it, a number on whatever channel."""
    channel, value, _ = reached
    channels = BY_NUMBER if channel in BY_NUMBER else (channel,)
    return {known.owners[each, value] for each in channels if (each, value) in known.owners}


def _owner(line: Typed, known: Known) -> tuple[UUID | None, list[Mistake]]:
    """Who the line is about; nobody when they are new, or when that cannot be said."""
    owners = [(each, _owners(each, known)) for each in line.reached]
    if line.customer_id is not None:
        held = known.customers.get(line.customer_id)
        if held is None or held.merged:
            return None, [(IDENTIFIER, NOT_THERE if held is None else MERGED, 0)]
        foreign = {_field(each) for each, who in owners if who and held.id not in who}
        return held.id, [(field, OTHERS, 0) for field in sorted(foreign)]
    found = [who for _, who in owners if who]
    if not found:
        return None, []
    common = set.intersection(*found)
    if len(common) == 1:
        return common.pop(), []
    return None, [("", TWO, 0)]


def _field(reached: tuple[str, str, str]) -> str:
    return EMAIL if reached[0] == MAIL_CHANNEL else PHONE


def _before(field: str, asked: Asked | None, held: Held | None) -> str:
    if held is None:
        return ""
    if asked is not None:
        return held.values.get(asked.id, "")
    return held.columns[field]
