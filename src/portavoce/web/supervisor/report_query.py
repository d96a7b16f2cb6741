"""Which report is asked for: the grouping, whole months, brands that the person supervises, the order."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from portavoce.core.errors import NotFound
from portavoce.reporting.months import Month, read_month
from portavoce.reporting.team.pieces import By
from portavoce.reporting.team.reading import Chosen
from portavoce.web.access import MISSING, SUPERVISOR_ROLES, Actor
from portavoce.web.i18n import N_
from portavoce.web.supervisor.brands import HOME, Face
from portavoce.web.supervisor.report_table import NAME, sorts

HERE = f"{HOME}/reports"
MOST_MONTHS = 13
BAD_MONTHS = N_("Choose a first month that is not after the last one, and thirteen months at most.")


class BadMonths(Exception):
    """The months of the address are none, the wrong way round or too many."""


class Asked(msgspec.Struct, frozen=True):
    """`faces`: the chosen brands; all that the person supervises where `chosen` is empty."""

    by: By
    first: Month
    last: Month
    chosen: tuple[str, ...]
    faces: tuple[Face, ...]
    sort: str = NAME

    @property
    def brands(self) -> list[Chosen]:
        return [Chosen(face.id, face.slug, face.name, face.zone) for face in self.faces]

    def query(self, **changed: object) -> str:
        """As an address carries it, without what goes without saying."""
        told = {"by": self.by, "first": self.first, "last": self.last, "sort": self.sort, **changed}
        pairs = [(name, str(value)) for name, value in told.items() if value != NAME]
        return urlencode([*pairs, *(("brand", slug) for slug in self.chosen)])

    def url(self, **changed: object) -> str:
        return f"{HERE}?{self.query(**changed)}"

    def sort_url(self) -> str:
        """With {} for the order."""
        return self.url(sort="{}").replace("%7B%7D", "{}")


def supervised(actor: Actor, faces: Sequence[Face], slugs: Sequence[str]) -> list[Face]:
    """Of the faces those that are named, all without a name; NotGranted for a brand that is not the person's."""
    named = {actor.granted(slug, SUPERVISOR_ROLES).brand_id for slug in slugs}
    return [face for face in faces if not named or face.id in named]


def read_asked(
    actor: Actor, faces: Sequence[Face], *, by: str, first: str, last: str, brand: Sequence[str], sort: str,
    present: Month,
) -> Asked:  # fmt: skip
    """NotFound for what was never offered; BadMonths for months that somebody may have typed."""
    if by not in [*By, ""]:
        raise NotFound(MISSING)
    grouping = By(by or By.TEAM)
    if sort not in sorts(grouping) | {""}:
        sort = NAME
    chosen = supervised(actor, faces, brand)
    beginning, end = (read_month(text) if text else present for text in (first, last))
    if beginning is None or end is None or beginning > end or months_between(beginning, end) > MOST_MONTHS:
        raise BadMonths
    return Asked(grouping, beginning, end, tuple(sorted(set(brand))), tuple(chosen), sort or NAME)


def months_between(first: Month, last: Month) -> int:
    """Both counted."""
    return (last.year - first.year) * 12 + last.number - first.number + 1
