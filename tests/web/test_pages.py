"""Where people start and what the rail offers them."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.pages import face, home_of, places
from portavoce.web.templating import Templates

SOME = UUID(int=1)


def actor(*roles: str, house: bool = False) -> Actor:
    grants = tuple(Granted(SOME, SOME, "aurora", role) for role in roles)
    return Actor(
        person_id=SOME,
        session_id="s",
        name="Anna Riva",
        email="anna@voxa.example",
        locale="it",
        client_id=None,
        grants=grants,
        house_admin=house,
    )


@pytest.mark.parametrize(
    ("who", "home", "offered"),
    [
        (actor("agent"), "/desk", ["/desk", "/desk/search"]),
        (
            actor("supervisor", "admin"),
            "/desk",
            ["/desk", "/desk/search", "/s", "/admin", "/admin/brands", "/admin/undelivered"],
        ),
        (actor("client_viewer"), "/portal", ["/portal"]),
        (actor("admin"), "/admin", ["/s", "/admin", "/admin/brands", "/admin/undelivered"]),
        (
            actor(house=True),
            "/admin",
            [
                "/admin",
                "/admin/brands",
                "/admin/undelivered",
                "/admin/clients",
                "/admin/people",
                "/admin/denials",
            ],
        ),
        (actor(), "/preferences", []),
    ],
)
def test_a_person_is_led_to_their_work_and_offered_nothing_else(
    who: Actor, home: str, offered: list[str], templates: Templates
) -> None:
    assert home_of(who) == home
    assert [place["href"] for place in places(who, templates.words["it"])] == offered


@pytest.mark.parametrize(
    ("name", "initials"), [("Anna Riva", "AR"), ("anna", "A"), ("Anna Maria De Riva", "AR"), ("", "")]
)
def test_initials_are_of_first_and_last_name(name: str, initials: str) -> None:
    assert face(name).initials == initials
