"""The letter says what the page says at the same fact, in words and in its files, and leads to that page."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from portavoce.core.unit import now
from portavoce.identity.mails import House as Provider
from portavoce.reporting.layouts import end_layout, make_layout
from portavoce.reporting.mailing.commentary import write_commentary
from portavoce.reporting.mailing.periods import Period, read_period
from portavoce.reporting.mailing.postman import Asked, Letter
from portavoce.reporting.sums import report_head
from portavoce.web.portal.mailed import write_letter
from tests.database import NOON
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import DAY, House

PROVIDER = Provider("Voxa Servizi", "http://testserver.local/")


def march() -> Period:
    found = read_period("2026-03")
    assert found is not None
    return found


async def letter(house: House, period: Period, *formats: str, language: str = "en") -> Letter:
    async with house.database.begin(house.aurora.reading) as db:
        n, at = await report_head(db), now(db)
    asked = Asked(
        brand_id=house.aurora.id, mailing_id=house.anna, name="Carla Neri", address="carla@client.example",
        language=language, period=period, formats=formats, n=n, as_of=at,
    )  # fmt: skip
    return await write_letter(house.database, asked, house=PROVIDER)


async def test_it_tells_the_month_and_leads_to_the_page_as_it_was(house: House, carla: Visit) -> None:
    told = await letter(house, march())
    assert told.subject == "Aurora: report of March 2026"
    assert "Hello Carla Neri," in told.text
    assert "Contacts received: 6" in told.text
    assert "First response, Support: 60%" in told.text or "First response, Assistenza: 60%" in told.text
    [path] = re.findall(r"http://testserver\.local(/portal/\S+)", told.text)
    before = (await carla.get(path)).text
    await tell(house.database, house.aurora, Contact(NOON + 7 * DAY), Contact(NOON + 7 * DAY))
    after = (await carla.get(path)).text
    assert "60%" in before
    assert re.findall(r'class="hash">[0-9a-f]+', before) == re.findall(r'class="hash">[0-9a-f]+', after)
    assert "&" not in told.text.replace("&seen", "")


async def test_what_the_provider_says_is_in_it_as_text(house: House) -> None:
    async with house.database.begin(house.aurora.writing) as db:
        await write_commentary(db, march(), "Marzo & <b>bene</b>.\nDue righe.", person_id=house.anna)
    told = await letter(house, march())
    assert "Marzo & <b>bene</b>.\nDue righe." in told.text
    day = Period("daily", date(2026, 3, 2), date(2026, 3, 2))
    assert "Marzo" not in (await letter(house, day)).text


async def test_its_files_are_those_that_were_asked_for_with_the_pages_numbers(house: House) -> None:
    told = await letter(house, march(), "pdf", "xlsx", "csv")
    slug = house.aurora.slug
    assert [each.name for each in told.files] == [f"{slug}-2026-03.{end}" for end in ("pdf", "xlsx", "csv")]
    pdf, xlsx, csv = (each.content for each in told.files)
    assert pdf.startswith(b"%PDF-")
    assert zipfile.ZipFile(io.BytesIO(xlsx)).testzip() is None
    [_, row] = csv.decode("utf-8-sig").splitlines()
    assert row.split(",")[5:8] == ["60.00", "3", "5"] or row.split(",")[5:8] == ["60", "3", "5"]
    assert f"Attached: {slug}-2026-03.pdf" in told.text


@pytest.mark.parametrize(
    ("kind", "first", "last", "subject"),
    [
        ("daily", "2026-03-02", "2026-03-02", "Aurora: rapporto di lun 2 mar"),
        ("weekly", "2026-03-02", "2026-03-08", "Aurora: rapporto della settimana dal lun 2 mar"),
        ("monthly", "2026-03-01", "2026-03-31", "Aurora: rapporto di marzo 2026"),
    ],
)
async def test_its_subject_is_in_the_language_asked_for(
    house: House, kind: str, first: str, last: str, subject: str
) -> None:
    period = Period(kind, date.fromisoformat(first), date.fromisoformat(last))  # type: ignore[arg-type]  # -- a table of the three
    told = await letter(house, period, language="it")
    assert told.subject == subject
    assert "Ciao Carla Neri," in told.text


async def test_it_names_no_other_brand_and_no_operator(house: House) -> None:
    told = await letter(house, march(), "csv")
    everything = told.text + told.files[0].content.decode()
    assert "Bosco" not in everything
    assert house.bosco.slug not in everything
    assert "Anna" not in everything


async def test_a_layout_is_kept_by_mail_even_when_it_was_removed_since(house: House) -> None:
    async with house.database.begin(house.aurora.writing) as db:
        layout = await make_layout(db, "Senza", ["late"], ["another"], person_id=house.anna)
        await db.flush()
        await end_layout(db, layout, person_id=house.anna)
    async with house.database.begin(house.aurora.reading) as db:
        n, at = await report_head(db), now(db)
    asked = Asked(
        brand_id=house.aurora.id, mailing_id=house.anna, name="Carla Neri", address="carla@client.example",
        language="en", period=march(), formats=("csv",), n=n, as_of=at, layout_id=layout,
    )  # fmt: skip
    told = await write_letter(house.database, asked, house=PROVIDER)
    assert "Contacts received: 6" in told.text
    assert "60%" not in told.text
    assert len(told.files[0].content.decode().splitlines()) == 1
