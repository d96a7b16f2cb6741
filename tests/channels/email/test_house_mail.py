"""The house writes under its own name, once per row, and says when it could not."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest

from portavoce.channels.email.house_mail import HousePostman
from portavoce.channels.email.sending import Relay
from portavoce.core.delivering import Hopeless, Retry
from portavoce.core.models import HouseOutbox
from portavoce.kit.clock import SteppedClock
from tests.database import NOON
from tests.fakes.smtp_sink import DROP, SmtpSink, running

ROW_ID = UUID(int=7)


def row(**changes: str) -> HouseOutbox:
    fields = {"recipient": "dino@voxa.example", "subject": "Il tuo accesso", "body": "Però\n.\nhttps://x\n"}
    return HouseOutbox(id=ROW_ID, topic="house.mail", created_at=NOON, run_at=NOON, **(fields | changes))


def postman(sink: SmtpSink, name: str = "Voxa, Servizi & “Figli”") -> HousePostman:
    relay = Relay(host="127.0.0.1", port=sink.port, security="none", timeout=5)
    return HousePostman(relay, "portavoce@voxa.example", name, SteppedClock(NOON))


async def test_it_leaves_under_the_providers_name_with_an_id_of_its_row() -> None:
    async with running(SmtpSink()) as sink:
        await postman(sink).deliver(row())
    [sunk] = sink.mails
    mail = message_from_bytes(sunk.raw, policy=default)
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
        ("Voxa, Servizi & “Figli”", "portavoce@voxa.example")
    ]
    assert (sunk.envelope_from, sunk.recipients) == ("portavoce@voxa.example", ("dino@voxa.example",))
    assert mail["Message-ID"] == f"<{ROW_ID}@voxa.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == "Però\n.\nhttps://x\n"


@pytest.mark.parametrize(
    "replies",
    [{"greeting": DROP}, {"MAIL": "451 later"}, {"DATA": DROP}, {"dot": "452 full"}],
    ids=lambda replies: next(iter(replies)),
)
async def test_what_did_not_leave_is_tried_again(replies: dict[str, str]) -> None:
    async with running(SmtpSink(replies=replies)) as sink:
        with pytest.raises(Retry):
            await postman(sink).deliver(row())


async def test_what_is_refused_for_good_is_not_tried_again() -> None:
    async with running(SmtpSink(replies={"RCPT": "550 nobody"})) as sink:
        with pytest.raises(Hopeless):
            await postman(sink).deliver(row())


async def test_an_end_without_an_answer_counts_as_sent() -> None:
    async with running(SmtpSink(replies={"dot": DROP})) as sink:
        await postman(sink).deliver(row())
    assert len(sink.mails) == 1


async def test_no_relay_at_all_is_tried_again() -> None:
    async with running(SmtpSink()) as sink:
        closed = postman(sink)
    with pytest.raises(Retry, match="does not answer"):
        await closed.deliver(row())
