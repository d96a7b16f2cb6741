"""`/portal/{brand}/regulator`: what an authority asks for, by regime and period, as a page and as files."""

from __future__ import annotations

import asyncio

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.quotas import charge
from portavoce.reporting.errors import NoReport
from portavoce.reporting.open_service.reading import read_switch
from portavoce.reporting.regulator.periods import Period, period_of, periods, read_period
from portavoce.reporting.regulator.reading import Filing, read_filing
from portavoce.sla.presets import Regime
from portavoce.web.access import APPROVER_ROLES, MISSING, Actor
from portavoce.web.denials import KEPT_APART
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import REGULATOR, brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.regulator_files import csv_of, workbook_of
from portavoce.web.portal.regulator_words import REGIMES, period_name, show
from portavoce.web.portal.workbook import XLSX

HERE = "/{brand:str}/regulator"
OF_A_PERIOD = "/{regime:str}/{term:str}/indicators"


class RegulatorController(Controller):
    path = HERE

    @route("/", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        regime: FromQuery[str] = "",
        term: FromQuery[str] = "",
        saved: FromQuery[str] = "",
    ) -> Response[str]:
        """Without a regime: which there are, and whether the brand shows its service to everybody."""
        words, filing = words_for(request), None
        if regime:
            chosen = _regime(regime)
            asked = _period(reading, chosen, term) if term else period_of(reading.last_month, chosen)
            filing = await _filing(db, reading, chosen, asked)
        switch = await read_switch(db)
        return brand_page(
            request,
            actor,
            reading,
            "portal/regulator.html",
            current=REGULATOR,
            regimes=REGIMES,
            filing=filing,
            rows=show(filing, words) if filing else [],
            periods=_choices(reading, filing, words) if filing else [],
            address=_address(request, switch.token) if switch and switch.is_on else "",
            may_switch=reading.brand.id in actor.brands(APPROVER_ROLES),
            saved=saved,
        )

    @route(f"{OF_A_PERIOD}.csv", http_method=READ)
    async def table(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        regime: FromPath[str],
        term: FromPath[str],
    ) -> Response[bytes]:
        filing = await _asked(request, db, reading, regime, term)
        content = csv_of(reading.brand.name, filing, words_for(request))
        return Response(content, media_type="text/csv", headers=_named(reading, filing, "csv"))

    @route(f"{OF_A_PERIOD}.xlsx", http_method=READ)
    async def workbook(
        self,
        request: AnyRequest,
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        regime: FromPath[str],
        term: FromPath[str],
    ) -> Response[bytes]:
        filing = await _asked(request, db, reading, regime, term)
        content = await asyncio.to_thread(workbook_of, reading.brand.name, filing, words_for(request))
        return Response(content, media_type=XLSX, headers=_named(reading, filing, "xlsx"))


async def _asked(request: AnyRequest, db: AsyncSession, reading: Reading, regime: str, term: str) -> Filing:
    chosen = _regime(regime)
    asked = _period(reading, chosen, term)
    if not request.scope["state"].get(KEPT_APART):
        await charge(request.app.state.database, reading.brand.id, "exports_hour")
    return await _filing(db, reading, chosen, asked)


async def _filing(db: AsyncSession, reading: Reading, regime: Regime, period: Period) -> Filing:
    brand, known = reading.brand, (reading.first_month, reading.last_month)
    return await read_filing(db, brand.id, brand.zone, regime, period, known=known, anchor=reading.anchor)


def _regime(text: str) -> Regime:
    found = next((each for each in Regime if each == text), None)
    if found is None:
        raise NoReport(MISSING)
    return found


def _period(reading: Reading, regime: Regime, text: str) -> Period:
    """NoReport for one of which the brand's ledger knows no month."""
    found = read_period(text, regime)
    if found is None or found not in periods(reading.first_month, reading.last_month, regime):
        raise NoReport(MISSING)
    return found


def _choices(reading: Reading, filing: Filing, words: Words) -> list[tuple[str, str]]:
    known = periods(reading.first_month, reading.last_month, filing.regime)
    return [(str(each), period_name(each, words)) for each in known]


def _address(request: AnyRequest, token: str) -> str:
    return f"{request.app.state.house.base_url.rstrip('/')}/open/service/{token}"


def _named(reading: Reading, filing: Filing, suffix: str) -> dict[str, str]:
    name = f"{reading.brand.slug}-{filing.regime.value}-{filing.period}.{suffix}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
