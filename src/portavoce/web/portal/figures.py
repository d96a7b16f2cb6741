"""`/portal/{brand}/{month}/{figure}`: the contacts behind one number as a page, or as CSV when `.csv` follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.cuts import QUARTER, Cut
from portavoce.reporting.errors import NoReport
from portavoce.reporting.lists import read_all, read_page, read_quarters
from portavoce.reporting.month import MonthReport, read_month_report
from portavoce.sla.rules import Clause
from portavoce.web.access import MISSING, Actor
from portavoce.web.exports import charge_export
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.export import csv_of
from portavoce.web.portal.long_lists import LONG, SUFFIX, attachment, long_file
from portavoce.web.portal.pages import brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.sheet import short_day, weekday_names


class Asked(msgspec.Struct, frozen=True):
    """Which number, in which order."""

    figure: str
    cut: Cut
    sort: str


class FigureController(Controller):
    path = "/{brand:str}/{month:str}"

    @route("/{figure:str}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        figure: FromPath[str],
        week: FromQuery[str] = "",
        weekday: FromQuery[str] = "",
        day: FromQuery[str] = "",
        quarter: FromQuery[str] = "",
        lob: FromQuery[str] = "",
        clause: FromQuery[str] = "",
        sort: FromQuery[str] = "opened",
        page: FromQuery[str] = "1",
    ) -> Response[Any]:
        if figure.endswith(SUFFIX):
            await charge_export(request, reading.brand.id)
        asked = Asked(figure.removesuffix(SUFFIX), _cut(week, weekday, day, quarter, lob, clause), sort)
        chosen, brand = reading.month(month), reading.brand
        report = await read_month_report(db, brand.id, brand.zone, chosen, reading.anchor)
        cut_words = _in_words(report, asked.cut, words_for(request))
        if figure.endswith(SUFFIX):
            return await _file(request, db, reading, report, asked)
        listed = await read_page(
            db, report, asked.figure, asked.cut, sort=asked.sort, number=_read(page, int)
        )
        return brand_page(
            request,
            actor,
            reading,
            "portal/figure.html",
            month=chosen,
            report=report,
            asked=asked,
            cut_words=cut_words,
            page=listed,
            quarters=await read_quarters(db, report, asked.figure, asked.cut) if asked.cut.day else [],
        )


async def _file(
    request: AnyRequest, db: AsyncSession, reading: Reading, report: MonthReport, asked: Asked
) -> Response[Any]:
    contacts = await read_all(db, report, asked.figure, asked.cut, sort=asked.sort, at_most=LONG)
    if contacts is None:
        return long_file(request, reading, report, asked.figure, asked.cut)
    return Response(
        csv_of(report, contacts, words_for(request)),
        media_type="text/csv",
        headers=attachment(reading, report.month, asked.figure),
    )


def _cut(week: str, weekday: str, day: str, quarter: str, lob: str, clause: str) -> Cut:
    return Cut(
        week=_read(week, date) if week else None,
        weekday=_read(weekday, int) if weekday else None,
        day=_read(day, date) if day else None,
        quarter=_quarter(quarter) if quarter else None,
        lob_id=_read(lob, UUID) if lob else None,
        clause_id=_read(clause, UUID) if clause else None,
    )


def _in_words(report: MonthReport, cut: Cut, words: Words) -> list[str]:
    """Each cut as a person reads it; NoReport when the month has no such part."""
    found: list[str | None] = []
    if cut.week is not None:
        day = short_day(cut.week, words.locale) if cut.week in report.month.weeks() else None
        found.append(day and words.gettext("Week from %(day)s", day=day))
    if cut.weekday is not None:
        found.append(weekday_names(words.locale).get(cut.weekday))
    if cut.day is not None:
        found.append(short_day(cut.day, words.locale) if cut.day in report.month.days() else None)
    if cut.quarter is not None:
        start, end = report.month.bounds(report.zone)
        found.append(_from_to(cut.quarter, report.zone) if start <= cut.quarter < end else None)
    if cut.lob_id is not None:
        found.append(words.gettext(report.lobs.get(cut.lob_id, "")))
    if cut.clause_id is not None:
        clause = report.clause(cut.clause_id)
        found.append(f"{words.gettext(report.lobs[clause.lob_id])}, {_version(clause, words)}")
    if not all(found):
        raise NoReport(MISSING)
    return [each for each in found if each]


def _version(clause: Clause, words: Words) -> str:
    return words.gettext("contract version %(number)d", number=clause.version)


def _quarter(text: str) -> datetime:
    """A quarter of an hour by its first minute in UTC, `2026-03-02T12:15Z`."""
    try:
        begins = datetime.fromisoformat(text)
    except ValueError:
        raise NoReport(MISSING) from None
    if begins.tzinfo is None or begins.timestamp() % QUARTER.total_seconds():
        raise NoReport(MISSING)
    return begins.astimezone(UTC)


def _from_to(quarter: datetime, zone: str) -> str:
    first, past = (each.astimezone(ZoneInfo(zone)) for each in (quarter, quarter + QUARTER))
    return f"{first:%d.%m. %H:%M}–{past:%H:%M}"


def _read(text: str, kind: Any) -> Any:
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError:
        raise NoReport(MISSING) from None
