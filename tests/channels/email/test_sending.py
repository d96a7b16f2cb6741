"""Each way a relay can answer, refuse, break or fall silent has exactly one outcome."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portavoce.channels.email.errors import DeliveryError, Permanent, RelayTrouble, Temporary, Uncertain
from portavoce.channels.email.sending import Relay, close, offer, open_connection, transmit
from tests.fakes.certificate import Certificate, make_certificate
from tests.fakes.smtp_sink import DROP, SILENCE, SmtpSink, running

RAW = b"From: care@aurora.example\r\nSubject: x\r\n\r\nHello\n.\n..two\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), now=datetime.now(UTC))


def plain(sink: SmtpSink, **fields: Any) -> Relay:
    usual: dict[str, Any] = {"host": "127.0.0.1", "port": sink.port, "security": "none", "timeout": 5.0}
    return Relay(**usual | fields)


def encrypted(certificate: Certificate, security: str) -> SmtpSink:
    context = certificate.server_context()
    sink = SmtpSink(users={"aurora": "secret"})
    sink.starttls, sink.implicit_tls = (context, None) if security == "starttls" else (None, context)
    return sink


async def deliver(relay: Relay, raw: bytes = RAW, *, sender: str = "care@aurora.example") -> str:
    connection = await open_connection(relay)
    await offer(connection, sender, ["gina@customer.example"], size=len(raw))
    words = await transmit(connection, raw)
    await close(connection)
    return words


async def test_a_mail_arrives_to_the_letter() -> None:
    async with running(SmtpSink()) as sink:
        assert await deliver(plain(sink)) == "2.0.0 queued as SINK1"
    assert [(mail.envelope_from, mail.recipients) for mail in sink.mails] == [
        ("care@aurora.example", ("gina@customer.example",))
    ]
    assert sink.mails[0].raw == RAW.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def test_the_null_path_is_kept() -> None:
    async with running(SmtpSink()) as sink:
        await deliver(plain(sink), sender="")
    assert sink.mails[0].envelope_from == ""


async def test_several_mails_go_over_one_connection() -> None:
    async with running(SmtpSink()) as sink:
        connection = await open_connection(plain(sink))
        for _ in range(3):
            await offer(connection, "a@x.example", ["b@y.example", "c@y.example"])
            await transmit(connection, RAW)
        await close(connection)
    assert len(sink.mails) == 3
    assert sink.mails[2].recipients == ("b@y.example", "c@y.example")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_encrypted_relay_with_a_password(certificate: Certificate, security: str) -> None:
    async with running(encrypted(certificate, security)) as sink:
        ca_file = str(certificate.certificate)
        await deliver(plain(sink, security=security, username="aurora", password="secret", ca_file=ca_file))
    assert [(mail.encrypted, mail.user) for mail in sink.mails] == [(True, "aurora")]


async def refusal(sink: SmtpSink, **fields: Any) -> DeliveryError:
    async with running(sink):
        with pytest.raises(DeliveryError) as refused:
            await deliver(plain(sink, **fields))
    return refused.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_of_unknown_origin_is_refused_and_named(
    certificate: Certificate, security: str
) -> None:
    sink = encrypted(certificate, security)
    trouble = await refusal(sink, security=security, username="aurora", password="secret")
    assert isinstance(trouble, RelayTrouble)
    assert trouble.kind == "certificate"
    assert "self-signed" in trouble.text
    assert sink.mails == []
    assert "AUTH" not in sink.seen


async def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    other = make_certificate(tmp_path, host="other.example", now=datetime.now(UTC))
    sink = SmtpSink(starttls=other.server_context())
    trouble = await refusal(sink, security="starttls", ca_file=str(other.certificate))
    assert isinstance(trouble, RelayTrouble)
    assert (trouble.kind, sink.mails) == ("certificate", [])
    assert "127.0.0.1" in trouble.text


async def test_without_the_encryption_asked_for_nothing_is_sent() -> None:
    sink = SmtpSink(users={"aurora": "secret"})
    trouble = await refusal(sink, security="starttls", username="aurora", password="secret")
    assert isinstance(trouble, RelayTrouble)
    assert trouble.kind == "no_starttls"
    assert "AUTH" not in sink.seen


async def test_a_wrong_password_is_the_relays_trouble_not_the_mails(certificate: Certificate) -> None:
    sink = SmtpSink(users={"aurora": "secret"}, starttls=certificate.server_context())
    trouble = await refusal(
        sink, security="starttls", username="aurora", password="no", ca_file=str(certificate.certificate)
    )
    assert isinstance(trouble, RelayTrouble)
    assert (trouble.kind, trouble.code, trouble.text) == ("auth", 535, "5.7.8 wrong name or password")


async def test_a_relay_that_takes_no_password_is_named() -> None:
    trouble = await refusal(SmtpSink(), username="aurora", password="secret")
    assert isinstance(trouble, RelayTrouble)
    assert trouble.kind == "auth"


async def test_a_password_never_travels_in_the_clear() -> None:
    with pytest.raises(RelayTrouble) as refused:
        await open_connection(
            Relay(host="relay.example", port=25, security="none", username="a", password="b")
        )
    assert refused.value.kind == "plain_auth"


async def test_a_missing_file_of_authorities_is_named() -> None:
    with pytest.raises(RelayTrouble, match="authorities"):
        await open_connection(Relay(host="127.0.0.1", port=1, ca_file="/nowhere.pem"))


async def test_a_relay_that_is_not_there_is_unreachable() -> None:
    async with running(SmtpSink()) as sink:
        gone = plain(sink)
    with pytest.raises(RelayTrouble) as refused:
        await open_connection(gone)
    assert refused.value.kind == "unreachable"


@pytest.mark.parametrize("stage", ["greeting", "MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize(
    ("reply", "outcome"), [("450 4.2.1 later", Temporary), ("550 5.1.1 never", Permanent)]
)
async def test_a_refusal_at_any_stage_says_whether_to_try_again(
    stage: str, reply: str, outcome: type[DeliveryError]
) -> None:
    refused = await refusal(SmtpSink(replies={stage: reply}))
    assert type(refused) is outcome
    assert (refused.code, refused.text) == (int(reply[:3]), reply[4:])


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("behaviour", [DROP, SILENCE])
async def test_a_break_before_the_mail_is_temporary(stage: str, behaviour: str) -> None:
    sink = SmtpSink(replies={stage: behaviour, "HELO": DROP})
    assert isinstance(await refusal(sink, timeout=0.3), Temporary)
    assert sink.mails == []


@pytest.mark.parametrize("behaviour", [DROP, "421 4.3.2 closing"])
async def test_a_break_before_the_dot_is_temporary(behaviour: str) -> None:
    async with running(SmtpSink(replies={"body": behaviour})) as sink:
        connection = await open_connection(plain(sink))
        await offer(connection, "a@x.example", ["b@y.example"])
        with pytest.raises(Temporary):
            await transmit(connection, RAW + b"x" * 30_000_000)
    assert sink.mails == []


@pytest.mark.parametrize(
    ("words", "outcome"), [(b"552 5.3.4 no\r\n", Permanent), (b"421 bye\r\n", Temporary), (b"", Temporary)]
)
async def test_a_relay_that_speaks_or_hangs_up_before_the_dot_has_refused(
    words: bytes, outcome: type[DeliveryError]
) -> None:
    async with running(SmtpSink()) as sink:
        connection = await open_connection(plain(sink))
        await offer(connection, "a@x.example", ["b@y.example"])
        await sink.interrupt(words)
        with pytest.raises(outcome):
            await transmit(connection, RAW)
    assert sink.mails == []


@pytest.mark.parametrize("behaviour", [DROP, SILENCE, "what?", "354 still more", "999 odd", "25"])
async def test_no_clear_answer_after_the_dot_is_uncertain(behaviour: str) -> None:
    sink = SmtpSink(replies={"dot": behaviour})
    assert isinstance(await refusal(sink, timeout=0.3), Uncertain)
    assert len(sink.mails) == 1


async def test_a_connection_is_of_no_use_after_a_refusal() -> None:
    async with running(SmtpSink(replies={"RCPT": "550 no"})) as sink:
        connection = await open_connection(plain(sink))
        with pytest.raises(Permanent):
            await offer(connection, "a@x.example", ["b@y.example"])
        with pytest.raises(Temporary):
            await transmit(connection, RAW)
        await close(connection)
    assert sink.mails == []
