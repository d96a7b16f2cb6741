"""What is told of people's work and of the service of a brand, month by month, as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from uuid import UUID

import msgspec

from portavoce.reporting.months import Month
from portavoce.reporting.observing.units import CONTACT, HANDLED, SOLVED, TRANSFERRED
from portavoce.reporting.team.grouping import Worker
from portavoce.sla.measures.ratios import share_bp


class Work(msgspec.Struct, frozen=True):
    """What people did. Contacts are answered by who answered first, handled, solved and transferred by who did it;
    `returned` of the solved came back. `used_s` are seconds of work on the handled.
    """

    answered: int = 0
    handled: int = 0
    used_s: int = 0
    solved: int = 0
    returned: int = 0
    transferred: int = 0

    def __add__(self, other: Work) -> Work:
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Work(*(one + two for one, two in pairs))

    @property
    def mean_s(self) -> Fraction | None:
        return Fraction(self.used_s, self.handled) if self.handled else None


class Service(msgspec.Struct, frozen=True):
    """What came in, and what was promised about the first response and kept: figures of the brand, of no person."""

    contacts: int = 0
    met: int = 0
    decided: int = 0

    def __add__(self, other: Service) -> Service:
        return Service(self.contacts + other.contacts, self.met + other.met, self.decided + other.decided)

    @property
    def share_bp(self) -> int | None:
        return share_bp(self.met, self.decided)


class Told(msgspec.Struct, frozen=True):
    """One kept sum of a month; `worker` is None of what nobody did, or nobody knows who."""

    month: Month
    measure: str
    lob_id: UUID
    code: str
    worker: UUID | None
    units: int
    ended: int
    used_s: int

    @property
    def work(self) -> Work:
        match self.measure:
            case measure if measure == CONTACT:
                return Work(answered=self.ended)
            case measure if measure == HANDLED:
                return Work(handled=self.units, used_s=self.used_s)
            case measure if measure == SOLVED:
                return Work(solved=self.units, returned=self.ended)
            case measure if measure == TRANSFERRED:
                return Work(transferred=self.units)
        return Work()


class BrandMonths(msgspec.Struct, frozen=True):
    """All that a report of one brand is made of, read in one transaction. `promised`: first responses by month and line of
    business; `choices`: labels of outcomes and reasons by their code.
    """

    brand_id: UUID
    slug: str
    name: str
    told: Sequence[Told]
    promised: Mapping[tuple[Month, UUID], Service]
    workers: Mapping[UUID, Worker]
    names: Mapping[UUID, str]
    lobs: Mapping[UUID, str]
    choices: Mapping[str, str]
