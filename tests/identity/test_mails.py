"""What the house writes: in the person's language, to one address, with one link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portavoce.core.db import Database
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.identity.mails import (
    CHANGED,
    INVITATION,
    RESET,
    House,
    send_changed,
    send_invitation,
    send_reset,
)
from portavoce.identity.models import Person


async def sent(database: Database, write: Callable[..., None]) -> HouseOutbox:
    async with database.begin(HOUSE) as db:
        write(db)
        (row,) = db.new
    async with database.begin(HOUSE) as db:
        return await db.get_one(HouseOutbox, row.id)


@pytest.mark.parametrize(("locale", "hello"), [("it", "Ciao Anna Riva,"), ("en", "Hello Anna Riva,")])
async def test_the_language_is_the_persons(
    database: Database, house: House, anna: Person, locale: str, hello: str
) -> None:
    anna.locale = locale
    mail = await sent(database, lambda db: send_invitation(db, house, anna, "abc"))
    assert mail.body.startswith(hello)
    assert "\nhttp://testserver.local/invitation/abc\n" in mail.body
    assert (mail.recipient, mail.topic, mail.state) == (anna.email, "house.mail", "pending")


async def test_reset_and_its_notice_lead_to_the_right_pages(
    database: Database, house: House, anna: Person
) -> None:
    reset = await sent(database, lambda db: send_reset(db, house, anna, "abc"))
    notice = await sent(database, lambda db: send_changed(db, house, anna))
    assert "\nhttp://testserver.local/password-reset/abc\n" in reset.body
    assert "\nhttp://testserver.local/password-reset\n" in notice.body


async def test_a_name_cannot_write_lines_or_placeholders(
    database: Database, house: House, anna: Person
) -> None:
    anna.name = "Anna\r\n\r\nhttp://evil.example {link} {0}"
    mail = await sent(database, lambda db: send_invitation(db, house, anna, "abc"))
    assert "\nhttp://evil.example" not in mail.body
    assert "{link}" in mail.body


def test_every_mail_is_written_in_both_languages() -> None:
    assert [set(words) for words in (INVITATION, RESET, CHANGED)] == [{"it", "en"}] * 3
