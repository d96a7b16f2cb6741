from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest

from portavoce.reporting.contacts import operator_code
from tests.database import NOON
from tests.reporting.reading import counting
from tests.reporting.telling import answer
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import HOUR, House


async def test_a_contact_shows_its_facts_and_the_clause_applied(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/contacts/{house.aurora_contacts[0]}")
    assert found.status_code == 200
    for words in (
        "Contact no. 1",
        "Contact opened",
        "Message from the customer",
        "Answer sent",
        "being sent",
        f"Operator {operator_code(house.aurora.id, house.anna)}",
        "90% within 4 hours of opening hours",
        "1 hour of opening hours",
        "Ufficio",
    ):
        assert words in found.text
    assert found.text.count("<code title=") == 3
    assert "Anna" not in found.text
    assert str(house.anna) not in found.text


async def test_a_contact_without_a_clause_says_so(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/contacts/{house.aurora_contacts[5]}")
    assert "The contract of that day promised no first response for this contact." in found.text


async def test_an_automatic_reply_is_called_one(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/contacts/{house.aurora_contacts[3]}")
    assert "Automatic reply sent" in found.text
    assert "Answer sent" not in found.text


async def test_a_fact_that_was_tampered_with_is_shown_as_such(
    house: House, carla: Visit, superuser: psycopg.Connection[Any]
) -> None:
    url = f"/portal/{house.aurora.slug}/contacts/{house.aurora_contacts[0]}"
    assert "does not match" not in (await carla.get(url)).text
    superuser.execute(
        "UPDATE pv.ledger_event SET hash = prev WHERE brand_id = %s AND n = 2", [house.aurora.id]
    )
    found = await carla.get(url)
    assert found.text.count("does not match") == 1
    assert "The hash of a fact below is not that of its stored text." in found.text


@pytest.mark.parametrize("name", ["x", str(UUID(int=3)), "00000000"])
async def test_what_is_no_contact_does_not_exist(house: House, carla: Visit, name: str) -> None:
    assert (await carla.get(f"/portal/{house.aurora.slug}/contacts/{name}")).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
async def test_a_contact_takes_nine_queries_however_much_happened(
    house: House, carla: Visit, more: int
) -> None:
    contact = house.aurora_contacts[0]
    for n in range(more):
        await answer(house.database, house.aurora, contact, NOON + (3 + n) * HOUR)
    with counting(house.database) as queries:
        await carla.get(f"/portal/{house.aurora.slug}/contacts/{contact}")
    assert len(queries) == 9
