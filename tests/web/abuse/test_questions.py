"""SEC-59: what is asked behind the question mark is a value, whatever it is written like: never a statement, never a failure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from portavoce.web.routes import Entry, endpoints, inputs, surface_of, who
from tests.depth import in_turn
from tests.versions import changed, versions
from tests.web.abuse.conftest import STREAMS, House
from tests.web.routes_page import unconnected_app

HOSTILE = [
    "1;drop table pv.message",
    "' OR 1=1)--",
    '") OR ("1"="1',
    "1 UNION SELECT password_hash FROM pv.person--",
    "'; SELECT pg_sleep(5)--",
    "$.a[*] ? (@.b > 1)",
    "%",
    "_%\\_",
    "\x00",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "../../../../etc/passwd",
    "9" * 40,
    "-1",
    "1e999",
    "[]",
    "\u202e\ufeff\u0007",
    "a:* & !b | (c <-> d",
    "x" * 20_000,
]
WORDS = "q"
"""What somebody looks for, which gets all of them in every run."""
SIGNS = {"agent_sign", "denial", "throttle"}
"""What asking leaves: that somebody was there, how often a program asked, and what is not theirs."""


def questions() -> list[tuple[Entry, str]]:
    """Every input of every page that is asked for with one."""
    return [
        (Entry(route.path_format, method, surface_of(handler), who(handler)), name)
        for route, method, handler in endpoints(unconnected_app())
        if method == "GET" and route.path_format not in STREAMS
        for name in inputs(route, handler).query
    ]


async def test_no_input_of_any_page_is_more_than_a_value(
    house: House, superuser: psycopg.Connection[Any]
) -> None:
    before, asked = versions(superuser, but=SIGNS), set()
    for turn, (entry, name) in enumerate(questions()):
        for value in HOSTILE if name == WORDS else in_turn(HOSTILE, turn, few=1):
            answer = await house.who(entry).get(f"{house.url(entry)}?{urlencode({name: value})}")
            assert answer.status_code in (200, 303, 400, 404, 422), (entry.path, name, value[:30])
            assert "$argon2" not in answer.text
            asked.add((entry.path, name))
    assert asked == {(entry.path, name) for entry, name in questions()}
    assert changed(before, versions(superuser, but=SIGNS)) == []


NOT_ASKED = ("order", "query_operator", "filter", "limit", "brand_id")


async def test_what_a_page_does_not_ask_changes_nothing_of_it(house: House) -> None:
    more = urlencode(dict.fromkeys(NOT_ASKED, "1;drop table pv.message"))
    for entry in {entry for entry, _ in questions()}:
        url, browser = house.url(entry), house.who(entry)
        plain, asked_more = await browser.get(url), await browser.get(f"{url}?{more}")
        assert (plain.status_code, len(plain.text)) == (asked_more.status_code, len(asked_more.text)), (
            entry.path
        )


@pytest.mark.parametrize("wild", ["%", "_", "%a%", "*", "'"])
async def test_a_sign_that_means_anything_to_a_database_finds_nothing(house: House, wild: str) -> None:
    found = await house.anna.get(f"/desk/search?{urlencode({'q': wild})}")
    assert found.status_code == 200
    assert 'class="hit"' not in found.text


async def test_nor_does_a_word_need_one(house: House) -> None:
    found = await house.anna.get("/desk/search?q=gin")
    assert 'class="hit"' in found.text
