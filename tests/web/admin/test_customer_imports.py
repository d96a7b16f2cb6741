"""An administrator brings a file of customers in by its screens: upload, columns, dry run, all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from portavoce.core.progress import Progress
from portavoce.core.scope import Scope
from portavoce.customers.defining import add_attribute
from portavoce.customers.finding import find_or_create
from portavoce.customers.importing.jobs import Importer
from portavoce.customers.importing.queries import import_of
from portavoce.customers.importing.reading import LARGEST
from portavoce.customers.models import Customer, CustomerChange, CustomerValue
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site

FILE = b"Nome;Mail;IBAN\r\nGina Verdi;gina@posta.example;IT60X0542811101\r\nUgo;ugo@posta.example;\r\n"


def here(brand: Added) -> str:
    return f"/admin/b/{brand.slug}/customer-imports"


async def upload(browser: Browser, brand: Added, content: bytes = FILE, name: str = "clienti.csv") -> str:
    """The address of the import."""
    await browser.get(here(brand))
    answer = await browser.post(here(brand), files={"file": (name, content, "text/csv")})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def deliver(the_site: Site, brand: Added) -> None:
    """What a worker does with the rows that wait."""
    importer = Importer(the_site.app.state.storage, Progress(""))
    async with the_site.database.begin(Scope.writing(brand.id)) as db:
        rows = list(await db.scalars(select(Outbox).where(Outbox.topic == "customers.import")))
    for row in rows:
        await importer.deliver(the_site.database, Job(brand.id, row.ref_id))


async def look_through(
    the_site: Site, browser: Browser, brand: Added, url: str, mapping: Sequence[str]
) -> str:
    answer = await browser.post(f"{url}/dry-run", {"mapping": list(mapping)})
    assert answer.status_code == 303, answer.text
    assert "Being looked through" in (await browser.get(url)).text
    await deliver(the_site, brand)
    return (await browser.get(url)).text


async def count(the_site: Site, brand: Added, kind: type) -> int:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return (await db.execute(select(func.count()).select_from(kind))).scalar_one()


async def test_a_file_is_brought_in_after_its_columns_and_its_report_were_seen(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    url = await upload(sara, aurora)
    page = (await sara.get(url)).text
    assert re.findall(r'<option value="(\w+)" selected', page) == ["name", "email"]
    report = await look_through(the_site, sara, aurora, url, ["name", "email", "-"])
    assert "2 new customers, 0 changed, 0 stay as they are" in report
    assert await count(the_site, aurora, Customer) == 0
    assert (await sara.post(f"{url}/run")).status_code == 303
    waiting = await sara.get(f"{url}/state")
    assert "hx-redirect" not in waiting.headers
    assert "Waits for its turn." in waiting.text
    await deliver(the_site, aurora)
    assert (await sara.get(f"{url}/state")).headers["hx-redirect"] == url
    assert "Brought in: 2 new customers, 0 changed." in (await sara.get(url)).text
    assert await count(the_site, aurora, Customer) == 2
    assert "Brought in" in (await sara.get(here(aurora))).text
    assert (await sara.post(f"{url}/run")).status_code == 409


async def test_mistakes_are_shown_line_by_line_and_nothing_can_be_brought_in(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    url = await upload(
        sara, aurora, b"Mail;Lingua\nno address;it\nugo@posta.example;klingon\nleo@posta.example;it\n"
    )
    report = await look_through(the_site, sara, aurora, url, ["email", "language"])
    assert "2 lines have to be mended" in report
    assert "This is no mail address. Write it as name@domain.example." in report
    assert "Write it, en, de, fr or es." in report
    assert f'action="{url}/run"' not in report
    refused = await sara.post(f"{url}/run")
    assert (refused.status_code, "Only a file without any mistake" in refused.text) == (409, True)
    wrong = (await sara.get(f"{url}?what=wrong")).text
    assert re.findall(r"</span>(\d+)</th>", wrong) == ["2", "3"]
    assert "No such line" in (await sara.get(f"{url}?what=same")).text
    assert (await sara.get(f"{url}?what=nonsense&number=-4")).status_code == 200
    assert (await sara.post(f"{url}/removal")).status_code == 303
    assert "The file is gone" in (await sara.get(url)).text


async def test_what_is_masked_on_a_profile_is_shown_neither_with_the_columns_nor_in_the_report(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        iban = await add_attribute(db, key="iban", label="IBAN", kind="text", masked=True, by="admin")
        await find_or_create(db, "email", "gina@posta.example", "Gina Verdi", "it")
    url = await upload(sara, aurora)
    assert "IT60X" not in (await sara.get(url)).text
    report = await look_through(the_site, sara, aurora, url, ["name", "email", f"a_{iban.hex}"])
    assert "1 new customers, 1 changed" in report
    assert ("IBAN" in report, "IT60X" in report) == (True, False)
    await sara.post(f"{url}/run")
    await deliver(the_site, aurora)
    assert "IT60X" not in (await sara.get(url)).text
    assert await count(the_site, aurora, CustomerValue) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "This is no CSV file."),
        (b"Nome;Mail\nGina;x;y\n", "Line 2 has 3 cells, the headings are 2."),
        (b"x" * (LARGEST + 1), "This file is larger than 5 MB."),
        (b"", "This file is empty."),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_words(
    sara: Browser, aurora: Added, content: bytes, sentence: str
) -> None:
    await sara.get(here(aurora))
    answer = await sara.post(here(aurora), files={"file": ("x.csv", content, "text/csv")})
    assert (answer.status_code, sentence in answer.text) == (422, True)


async def test_without_a_file_lines_may_be_pasted_and_without_either_it_says_so(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    await sara.get(here(aurora))
    for more in ({}, {"files": {"file": ("", b"", "application/octet-stream")}}):
        answer = await sara.post(here(aurora), {"pasted": " "}, **more)
        assert (answer.status_code, "Choose a file, or paste lines" in answer.text) == (422, True)
        answer = await sara.post(here(aurora), {"pasted": "Mail\tNota\nugo@posta.example\tx"}, **more)
        assert answer.status_code == 303
    page = (await sara.get(answer.headers["location"])).text
    assert re.findall(r'<option value="(\w+)" selected', page) == ["email", "note"]


async def test_a_mapping_that_says_nothing_is_refused_with_what_was_chosen(
    sara: Browser, aurora: Added
) -> None:
    url = await upload(sara, aurora)
    answer = await sara.post(f"{url}/dry-run", {"mapping": ["name", "-", "note"]})
    assert (answer.status_code, "Choose a column that tells who it is" in answer.text) == (422, True)
    assert re.findall(r'<option value="(\w+)" selected', answer.text) == ["name", "note"]
    assert (await sara.post(f"{url}/dry-run", {})).status_code == 422


async def test_another_brands_import_does_not_exist_and_a_form_with_parts_needs_the_token(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    theirs = await upload(admin, bosco)
    crossed = theirs.replace(bosco.slug, aurora.slug)
    await sara.get(here(aurora))
    for url in (theirs, crossed):
        assert (await sara.get(url)).status_code == 404
        assert (await sara.get(f"{url}/state")).status_code == 404
        for act in ("dry-run", "run", "removal"):
            assert (await sara.post(f"{url}/{act}", {"mapping": ["name", "email", "-"]})).status_code == 404
    await sara.get(here(aurora))
    for token in ("", "0" * 64):
        answer = await sara.post(here(aurora), {"_csrf": token}, files={"file": ("x.csv", FILE, "text/csv")})
        assert answer.status_code == 403
    answer = await sara.post(
        f"/admin/b/{aurora.slug}/attributes", {"key": "k"}, files={"file": ("x.csv", FILE, "text/csv")}
    )
    assert answer.status_code == 403


async def test_our_own_export_comes_back_and_changes_nothing(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    people: list[UUID] = []
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        level = await add_attribute(
            db, key="level", label="=Level", kind="choice", choices=["Oro", "Argento"], by="admin"
        )
        for number, name in enumerate(("=cmd|x", "'=y", ' Gina; "Verdi"', "-", "due\nrighe", "@Ugo")):
            one = await find_or_create(db, "email", f"c{number}@posta.example", name, "it")
            one.note, one.needs, one.preferred_moment = (
                f"+nota\n{number}\r\n;\t",
                "no_calls,more_time",
                "morning",
            )
            people.append(one.id)
        await find_or_create(db, "whatsapp", "+393385550142", "", "xx")
        await db.flush()
        db.add_all(CustomerValue(customer_id=each, attribute_id=level, value="Non più") for each in people)
    for language in ("en", "it"):
        await sara.get("/preferences")
        await sara.post("/preferences", {"language": language})
        await sara.get(f"/admin/b/{aurora.slug}/attributes")
        exported = (await sara.post(f"/admin/b/{aurora.slug}/customer-export")).content
        url = await upload(sara, aurora, exported)
        chosen = re.findall(r'<option value="([^"]+)" selected', (await sara.get(url)).text)
        assert chosen[:4] == ["id", "name", "language", "reached"]
        answer = await sara.post(f"{url}/dry-run", {"mapping": [*chosen[:8], "-", chosen[8]]})
        assert answer.status_code == 303
        await deliver(the_site, aurora)
        async with the_site.database.begin(Scope.reading({aurora.id})) as db:
            row = await import_of(db, UUID(url.rpartition("/")[2]))
        assert (row.state, row.same, row.rows) == ("checked", 7, 7)
        assert (await sara.post(f"{url}/run")).status_code == 409
    assert await count(the_site, aurora, CustomerChange) == 0
