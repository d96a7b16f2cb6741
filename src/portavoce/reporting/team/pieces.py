"""What may be shown of one brand, by one grouping, month by month: pure, and all that leaves the brand for a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import CONTACT, HANDLED, SOLVED
from portavoce.reporting.team.figures import BrandMonths, Service, Told, Work
from portavoce.reporting.team.grouping import Parts, joined, parts, too_few


class By(StrEnum):
    AGENT = "agent"
    TEAM = "team"
    BRAND = "brand"
    QUEUE = "queue"
    OUTCOME = "outcome"
    REASON = "reason"


OF_PEOPLE = (By.AGENT, By.TEAM)
MEASURES = {By.OUTCOME: (HANDLED, SOLVED), By.REASON: (CONTACT,)}
"""What knows the outcome or the reason; all measures know everything else."""


class Kind(StrEnum):
    """`others`: people of sites that are too small; `joined`: rows that too few people worked in."""

    PERSON = "person"
    TEAM = "team"
    OTHERS = "others"
    NOBODY = "nobody"
    BRAND = "brand"
    QUEUE = "queue"
    CODE = "code"
    JOINED = "joined"


class Key(NamedTuple):
    """Which row: `brand` is a slug, empty of what goes over brands."""

    kind: Kind
    brand: str
    id: str


class Entry(msgspec.Struct, frozen=True):
    """`work` is None where it is not shown, `service` where it is of no person. `people`: who did the work."""

    key: Key
    name: str
    work: Work | None
    service: Service | None
    people: tuple[UUID, ...]

    def __add__(self, other: Entry) -> Entry:
        """Of the same key; the people are those of the first."""
        work, service = _sum(self.work, other.work), _sum(self.service, other.service)
        return msgspec.structs.replace(self, work=work, service=service)


class Piece(msgspec.Struct, frozen=True):
    """`partly`: keys of which some work stands in a row of others. `hidden`: the brand and months of which no work is shown."""

    entries: list[Entry]
    partly: list[Key]
    hidden: list[tuple[str, Month]]


class _Sheet:
    """Entries while they are added up."""

    def __init__(self) -> None:
        self.names: dict[Key, str] = {}
        self.work: dict[Key, Work] = {}
        self.service: dict[Key, Service] = {}
        self.people: dict[Key, set[UUID]] = defaultdict(set)
        self.partly: set[Key] = set()
        self.hidden: list[tuple[str, Month]] = []

    def add(self, key: Key, work: Work, people: Iterable[UUID]) -> None:
        self.work[key] = self.work.get(key, Work()) + work
        self.people[key].update(people)
        self.names.setdefault(key, "")

    def serve(self, key: Key, service: Service) -> None:
        self.service[key] = self.service.get(key, Service()) + service
        self.names.setdefault(key, "")

    def piece(self) -> Piece:
        entries = [
            Entry(key, name, self.work.get(key), self.service.get(key), tuple(sorted(self.people[key])))
            for key, name in self.names.items()
        ]
        return Piece(entries, sorted(self.partly), self.hidden)


def piece_of(read: BrandMonths, by: By) -> Piece:
    sheet = _Sheet()
    for month, told in sorted(_by_month(read).items()):
        at_work = {each.worker for each in told if each.worker is not None and each.work != Work()}
        shown = parts(read.workers[each] for each in at_work)
        if shown is None:
            sheet.hidden.append((read.name, month))
        if by in OF_PEOPLE:
            _add_people(sheet, read, told, shown, by)
        else:
            wanted = [each for each in told if each.measure in MEASURES.get(by, (each.measure,))]
            _add_places(sheet, read, month, wanted, shown, by)
    return sheet.piece()


def blinded(piece: Piece, salt: UUID) -> Piece:
    """For keeping: nobody's id is in it, and pieces of the same salt can still be put together."""

    def key_of(key: Key) -> Key:
        return key._replace(id=str(_blind(UUID(key.id), salt))) if key.kind is Kind.PERSON else key

    entries = [
        msgspec.structs.replace(
            each, key=key_of(each.key), people=tuple(_blind(one, salt) for one in each.people)
        )
        for each in piece.entries
    ]
    return Piece(entries, [key_of(key) for key in piece.partly], piece.hidden)


def _blind(person: UUID, salt: UUID) -> UUID:
    return UUID(bytes=sha256(salt.bytes + person.bytes).digest()[:16])


def _by_month(read: BrandMonths) -> Mapping[Month, list[Told]]:
    found: dict[Month, list[Told]] = {month: [] for month, _ in read.promised}
    for each in read.told:
        found.setdefault(each.month, []).append(each)
    return found


def _add_people(sheet: _Sheet, read: BrandMonths, told: Iterable[Told], shown: Parts | None, by: By) -> None:
    if shown is None:
        return
    of_site = {each: group.site_id for group in shown.groups for each in group.people}
    for each in told:
        if each.work == Work():
            continue
        if each.worker is None:
            sheet.add(Key(Kind.NOBODY, "", ""), each.work, ())
            continue
        key = _key_of(read, each.worker, of_site, by)
        sheet.add(key, each.work, [each.worker])
        if key.kind is Kind.OTHERS:
            site = str(read.workers[each.worker].site_id)
            sheet.partly |= {Key(Kind.PERSON, "", str(each.worker)), Key(Kind.TEAM, "", site)}
        else:
            sheet.names[key] = read.names.get(UUID(key.id), "")


def _key_of(read: BrandMonths, worker: UUID, of_site: Mapping[UUID, UUID | None], by: By) -> Key:
    if worker in of_site:
        site = of_site[worker]
        return Key(Kind.OTHERS, "", "") if site is None else Key(Kind.TEAM, "", str(site))
    if by is By.TEAM:
        return Key(Kind.TEAM, "", str(read.workers[worker].site_id))
    return Key(Kind.PERSON, "", str(worker))


def _add_places(
    sheet: _Sheet, read: BrandMonths, month: Month, told: Sequence[Told], shown: Parts | None, by: By
) -> None:
    """Of queues, outcomes, reasons and whole brands: each with its service, and with its work where enough people did it."""
    work: dict[Key, Work] = defaultdict(Work)
    people: dict[Key, frozenset[UUID]] = defaultdict(frozenset)
    for each in told:
        key = _place_of(read, each.lob_id, each.code, by)
        sheet.names[key] = _name_of(read, each.lob_id, each.code, by)
        work[key] += each.work
        if each.worker is not None and each.work != Work():
            people[key] |= {each.worker}
        if each.measure == CONTACT:
            sheet.serve(key, Service(contacts=each.units))
    _add_promised(sheet, read, month, by)
    if shown is None:
        return
    rows = {key: people[key] for key in work}
    together = joined(rows, shown.groups)
    for key in rows.keys() - together:
        sheet.add(key, work[key], rows[key])
    if together:
        sheet.partly |= together
        all_of_them = frozenset[UUID]().union(*(rows[key] for key in together))
        if too_few(all_of_them, shown.groups):
            sheet.hidden.append((read.name, month))
            return
        whole = sum((work[key] for key in together), Work())
        key = Key(Kind.JOINED, read.slug, "")
        sheet.add(key, whole, all_of_them)
        sheet.names[key] = read.name


def _add_promised(sheet: _Sheet, read: BrandMonths, month: Month, by: By) -> None:
    if by not in (By.BRAND, By.QUEUE):
        return
    for (of_month, lob_id), service in read.promised.items():
        if of_month == month:
            key = _place_of(read, lob_id, "", by)
            sheet.serve(key, service)
            sheet.names[key] = _name_of(read, lob_id, "", by)


def _place_of(read: BrandMonths, lob_id: UUID, code: str, by: By) -> Key:
    match by:
        case By.BRAND:
            return Key(Kind.BRAND, read.slug, "")
        case By.QUEUE:
            return Key(Kind.QUEUE, read.slug, str(lob_id))
        case _:
            return Key(Kind.CODE, read.slug, code)


def _name_of(read: BrandMonths, lob_id: UUID, code: str, by: By) -> str:
    match by:
        case By.BRAND:
            return read.name
        case By.QUEUE:
            return read.lobs.get(lob_id, "")
        case _:
            return read.choices.get(code, code)


T = TypeVar("T", Work, Service)


def _sum(one: T | None, two: T | None) -> T | None:
    if one is None or two is None:
        return one if two is None else two
    return one + two
