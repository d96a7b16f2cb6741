"""`/portal/{brand}/{month}/guard/{acts}`: what the wrong-brand guard did, row by row; as CSV when `.csv` follows."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.contacts import PAGE, operator_code
from portavoce.reporting.errors import NoReport
from portavoce.reporting.guard import (
    ACTS,
    FALSE_ALARMS,
    NEAR_MISSES,
    Act,
    GuardMonth,
    answers_sent,
    read_guard,
)
from portavoce.reporting.months import Month
from portavoce.web.access import MISSING, Actor
from portavoce.web.exports import charge_export
from portavoce.web.i18n import N_, Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.export import local_time
from portavoce.web.portal.long_lists import SUFFIX, attachment
from portavoce.web.portal.pages import brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.spreadsheet import MARK, lines

HEADINGS = (
    N_("Contact"),
    N_("Time (%(zone)s)"),
    N_("Found"),
    N_("Reason"),
    N_("Operator"),
    N_("Fact"),
    N_("Identifier"),
)


class Stretch(msgspec.Struct, frozen=True):
    """Rows `first` to `last` of `total`, counted from 1."""

    number: int
    acts: list[Act]
    first: int
    total: int

    @property
    def last(self) -> int:
        return max(0, self.first + len(self.acts) - 1)


class GuardController(Controller):
    path = "/{brand:str}/{month:str}/guard"

    @route("/{acts:str}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        acts: FromPath[str],
        page: FromQuery[str] = "1",
    ) -> Response[Any]:
        """The answers themselves may be a hundred thousand: they have pages and no file."""
        chosen, asked = reading.month(month), acts.removesuffix(SUFFIX)
        as_file = acts.endswith(SUFFIX)
        if asked not in ACTS or (as_file and asked not in (NEAR_MISSES, FALSE_ALARMS)):
            raise NoReport(MISSING)
        guard = await read_guard(db, reading.brand.zone, chosen, reading.anchor)
        if as_file:
            await charge_export(request, reading.brand.id)
            return _file(reading, chosen, asked, _listed(guard, asked), words_for(request))
        return brand_page(
            request, actor, reading, "portal/guard.html", month=chosen, guard=guard, asked=asked,
            page=await _stretch(db, reading, chosen, asked, guard, _number(page)),
        )  # fmt: skip


def _listed(guard: GuardMonth, asked: str) -> list[Act]:
    return guard.near_misses if asked == NEAR_MISSES else guard.false_alarms


async def _stretch(
    db: AsyncSession, reading: Reading, month: Month, asked: str, guard: GuardMonth, number: int
) -> Stretch:
    first = (number - 1) * PAGE
    if asked in (NEAR_MISSES, FALSE_ALARMS):
        listed = _listed(guard, asked)
        acts, total = listed[first : first + PAGE], len(listed)
    else:
        total = guard.sends
        acts = await answers_sent(
            db, reading.brand.zone, month, reading.anchor, first=min(first, total), size=PAGE
        )
    if number < 1 or (not acts and number > 1):
        raise NoReport(MISSING)
    return Stretch(number, acts, first + 1 if acts else 0, total)


def _number(page: str) -> int:
    if not page.isascii() or not page.isdecimal() or len(page) > 6 or page == "0":
        raise NoReport(MISSING)
    return int(page)


def _file(reading: Reading, month: Month, asked: str, acts: list[Act], words: Words) -> Response[bytes]:
    zone = reading.brand.zone
    headings = [words.gettext(heading, zone=zone) for heading in HEADINGS]
    rows = [
        [
            "" if act.ticket is None else str(act.ticket),
            local_time(act.at, zone),
            ", ".join(act.kinds),
            act.reason,
            "" if act.brand_agent_id is None else operator_code(reading.brand.id, act.brand_agent_id),
            str(act.n),
            str(act.interaction_id),
        ]
        for act in acts
    ]
    return Response(
        MARK + lines([headings, *rows], words),
        media_type="text/csv",
        headers=attachment(reading, month, asked),
    )
