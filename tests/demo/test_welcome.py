"""The first thing a visitor reads."""

from __future__ import annotations

import io

from rich.console import Console

from portavoce.core.config import Settings
from portavoce.demo import cast
from portavoce.demo.welcome import welcome

SETTINGS = Settings(web_port=8123, smtp_port=2599)


def shown(*, demo: bool) -> str:
    console = Console(file=io.StringIO(), width=160)
    console.print(welcome(SETTINGS, demo=demo))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_it_names_the_pages_and_the_way_mail_comes_in() -> None:
    text = shown(demo=False)
    for page in ("/desk", "/portal", "/admin", "/sent"):
        assert f"http://127.0.0.1:8123{page}" in text
    assert "smtp://127.0.0.1:2599" in text
    assert "Ctrl-C" in text


def test_with_the_demo_it_names_every_kind_of_person_and_the_password() -> None:
    text = shown(demo=True)
    assert cast.PASSWORD in text
    for email in (cast.GIULIA, cast.ADMIN.email, cast.SUPERVISORS[0].email):
        assert email in text
    for team in cast.TEAMS:
        assert all(party.email in text for party in team.people)


def test_without_the_demo_it_names_nobody() -> None:
    assert cast.PASSWORD not in shown(demo=False)
    assert "voxa.example" not in shown(demo=False)


def test_the_mail_by_hand_fits_a_narrow_terminal() -> None:
    command = shown(demo=True).partition("yourself:")[2].splitlines()
    assert max(len(line.rstrip()) for line in command) <= 78
    assert "smtp://127.0.0.1:2599" in "".join(command)
