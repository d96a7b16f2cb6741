from __future__ import annotations

import csv
import io
from uuid import UUID

import pytest

from portavoce.reporting.facts import Anchor
from portavoce.reporting.month import MonthReport
from portavoce.reporting.months import Month
from portavoce.web.portal.export import csv_of
from portavoce.web.templating import Templates
from tests.reporting.test_contacts import HOUR, NOON, contact

REPORT = MonthReport(
    brand_id=UUID(int=5), zone="Europe/Rome", month=Month(2026, 3), anchor=Anchor(1, b"", NOON + 2 * HOUR),
    cells=(), clauses=(), lobs={},
)  # fmt: skip


def rows(content: bytes, locale: str = "en") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter={"en": ",", "it": ";"}[locale]))


def test_a_spreadsheet_knows_the_encoding_and_the_separator_of_the_readers_country(
    templates: Templates,
) -> None:
    for locale, heading in (
        ("en", "Contact,Opened (Europe/Rome),"),
        ("it", "Contatto;Aperto (Europe/Rome);"),
    ):
        content = csv_of(REPORT, [], templates.words[locale])
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.decode("utf-8-sig").startswith(heading)


def test_times_are_the_brands_and_waiting_is_in_whole_seconds(templates: Templates) -> None:
    contacts = [contact(7, NOON, NOON + HOUR, due_at=NOON + 4 * HOUR, brand_agent_id=UUID(int=9)), contact(8)]
    _, answered, waiting = rows(csv_of(REPORT, contacts, templates.words["en"]))
    assert answered[:6] == [
        "7",
        "2026-03-02 13:00:00",
        "2026-03-02 14:00:00",
        "2026-03-02 17:00:00",
        "3600",
        "In time",
    ]
    assert (answered[6:8], len(answered[8])) == (["Assistenza", "email"], 4)
    assert (waiting[2], waiting[3], waiting[4], waiting[8]) == ("", "", "7200", "")


@pytest.mark.parametrize("name", ["=1+1", "+39", "-2", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(templates: Templates, name: str) -> None:
    _, row = rows(csv_of(REPORT, [contact(1, lob=name)], templates.words["en"]))
    assert row[6].startswith("'")
    assert row[6].replace("\r", "\n") == f"'{name}".replace("\r", "\n")


@pytest.mark.parametrize("name", ['a "b"', "a,b", "a;b", "a\nb", "è, ü"])
@pytest.mark.parametrize("locale", ["en", "it"])
def test_any_text_stays_in_its_cell(templates: Templates, name: str, locale: str) -> None:
    _, row = rows(csv_of(REPORT, [contact(1, lob=name)], templates.words[locale]), locale)
    assert (row[6], len(row)) == (name, 10)
