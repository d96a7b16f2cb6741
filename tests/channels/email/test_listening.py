"""Real conversations with the listener: 250 means committed, and nothing a client does makes it fall."""

import asyncio
import re
import smtplib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import pytest

from portavoce.channels.email.dedupe import key
from portavoce.channels.email.intake import Intake
from portavoce.channels.email.listening import Server, serve
from portavoce.channels.email.parsing import parse
from portavoce.channels.email.receiving import Arrival, ListenSettings, Recipient
from tests.channels.email.corpus import CASES, mail

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AURORA, BOSCO = UUID(int=1), UUID(int=2)
ADDRESSES = {
    "care@aurora.example": Recipient(
        brand_id=AURORA, endpoint_id=UUID(int=11), address="care@aurora.example"
    ),
    "shop@aurora.example": Recipient(
        brand_id=AURORA, endpoint_id=UUID(int=12), address="shop@aurora.example"
    ),
    "care@bosco.example": Recipient(brand_id=BOSCO, endpoint_id=UUID(int=21), address="care@bosco.example"),
}
T = TypeVar("T")


@dataclass
class House:
    """The injected side: keeps what it took; `broken` brands fail, `gate` holds acceptance, `lost` the look-up."""

    taken: list[tuple[Arrival, list[Recipient]]] = field(default_factory=list)
    broken: set[UUID] = field(default_factory=set)
    lost: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def known(self, address: str) -> Recipient | None:
        if self.lost:
            raise ConnectionError("no database")
        return ADDRESSES.get(address)

    async def accept(self, arrival: Arrival, recipients: list[Recipient]) -> None:
        self.entered.set()
        await self.gate.wait()
        if recipients[0].brand_id in self.broken:
            raise RuntimeError("no commit")
        self.taken.append((arrival, recipients))


@asynccontextmanager
async def listening(house: House, **settings: Any) -> AsyncIterator[Server]:
    server = await serve(
        ListenSettings(hostname="mx.portavoce.example", **settings),
        known=house.known,
        accept=house.accept,
        now=lambda: NOW,
    )
    try:
        yield server
    finally:
        house.gate.set()
        await server.close(grace=5)


async def talk(
    server: Server, speak: Callable[[smtplib.SMTP], T], client: type[smtplib.SMTP] = smtplib.SMTP
) -> T:
    def conversation() -> T:
        connection = client("127.0.0.1", server.port, local_hostname="client.example", timeout=10)
        try:
            return speak(connection)
        finally:
            connection.close()

    return await asyncio.to_thread(conversation)


async def send(
    server: Server, *to: str, raw: bytes | None = None, sender: str = "gina@customer.example"
) -> tuple[int, bytes]:
    def speak(connection: smtplib.SMTP) -> tuple[int, bytes]:
        connection.ehlo()
        connection.mail(sender)
        for address in to:
            code, words = connection.rcpt(address)
            if code != 250:
                return code, words
        return connection.data(raw if raw is not None else mail())

    return await talk(server, speak)


async def test_250_comes_after_the_mail_was_taken_with_trace_fields_in_front() -> None:
    house = House()
    async with listening(house) as server:
        code, _ = await send(server, "Care+Token@AURORA.example")
    assert code == 250
    [(arrival, recipients)] = house.taken
    assert [(item.address, item.tag, item.brand_id) for item in recipients] == [
        ("care@aurora.example", "token", AURORA)
    ]
    assert (arrival.envelope_from, arrival.peer, arrival.helo, arrival.received_at) == (
        "gina@customer.example",
        "127.0.0.1",
        "client.example",
        NOW,
    )
    trace, _, rest = arrival.raw.partition(b"From: Gina")
    assert b"From: Gina" + rest == mail()
    assert re.fullmatch(
        rb"Return-Path: <gina@customer\.example>\r\nReceived: from client\.example \(\[127\.0\.0\.1\]\)\r\n"
        rb"\tby mx\.portavoce\.example with ESMTP\r\n\tfor <care@aurora\.example>;\r\n\tSat, 21 Nov 2026 09:00:00 \+0000\r\n",
        trace,
    )


async def test_an_unknown_recipient_is_refused_at_rcpt() -> None:
    house = House()
    async with listening(house) as server:
        code, words = await send(server, "nobody@aurora.example")
        odd, _ = await send(server, "a..b@aurora.example")
    assert (code, words[:5]) == (550, b"5.1.1")
    assert odd in (550, 553)
    assert house.taken == []


async def test_a_look_up_that_fails_is_never_a_refusal() -> None:
    house = House(lost=True)
    async with listening(house) as server:
        assert (await send(server, "care@aurora.example"))[0] == 451
        assert (await send(server, "nobody@aurora.example"))[0] == 451
        house.lost = False
        assert (await send(server, "care@aurora.example"))[0] == 250


async def test_a_look_up_that_hangs_is_given_up() -> None:
    house = House()

    async def never(address: str) -> Recipient | None:
        await asyncio.Event().wait()
        return None

    server = await serve(
        ListenSettings(resolve_timeout=0.05), known=never, accept=house.accept, now=lambda: NOW
    )
    assert (await send(server, "care@aurora.example"))[0] == 451
    await server.close(grace=5)


async def test_a_mail_that_was_not_committed_is_not_answered_250() -> None:
    house = House(broken={AURORA})
    async with listening(house) as server:
        assert (await send(server, "care@aurora.example"))[0] == 451
        house.broken.clear()
        assert (await send(server, "care@aurora.example"))[0] == 250
    assert len(house.taken) == 1


async def test_one_mail_to_two_brands_is_taken_once_for_each_without_naming_the_other() -> None:
    house = House()
    async with listening(house) as server:
        code, _ = await send(server, "care@bosco.example", "care@aurora.example", "shop@aurora.example")
    assert code == 250
    assert [[item.address for item in group] for _, group in house.taken] == [
        ["care@bosco.example"],
        ["care@aurora.example", "shop@aurora.example"],
    ]
    assert b"bosco" not in house.taken[1][0].raw.partition(b"From:")[0]
    assert key(house.taken[0][0].raw) == key(house.taken[1][0].raw)


async def test_smtp_answers_451_for_all_when_one_brand_failed() -> None:
    house = House(broken={BOSCO})
    async with listening(house) as server:
        assert (await send(server, "care@aurora.example", "care@bosco.example"))[0] == 451
    assert [group[0].brand_id for _, group in house.taken] == [AURORA]


async def test_lmtp_answers_for_each_recipient() -> None:
    house = House(broken={BOSCO})

    def speak(connection: smtplib.SMTP) -> list[int]:
        connection.ehlo()
        connection.mail("gina@customer.example")
        for address in ("care@aurora.example", "care@bosco.example", "shop@aurora.example"):
            connection.rcpt(address)
        codes = [connection.data(mail())[0]]
        return codes + [connection.getreply()[0] for _ in range(2)]

    async with listening(house, protocol="lmtp") as server:
        assert await talk(server, speak, smtplib.LMTP) == [250, 451, 250]
        assert await talk(server, lambda connection: connection.docmd("EHLO", "x")[0], smtplib.LMTP) == 500
    assert b"with LMTP" in house.taken[0][0].raw


async def test_the_greeting_and_the_offers_tell_nothing_more_than_needed() -> None:
    def speak(connection: smtplib.SMTP) -> tuple[str, dict[str, str]]:
        connection.ehlo()
        return connection.docmd("HELP")[1].decode(), connection.esmtp_features

    async with listening(House()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        assert await reader.readline() == b"220 mx.portavoce.example SMTP ready\r\n"
        writer.close()
        help_text, offers = await talk(server, speak)
    assert "aiosmtpd" not in help_text.lower()
    assert offers == {"size": str(25 * 1024 * 1024), "8bitmime": "", "smtputf8": "", "pipelining": ""}


@pytest.mark.parametrize(
    "command",
    [
        "VRFY care@aurora.example",
        "EXPN all",
        "AUTH PLAIN AAAA",
        "STARTTLS",
        "TURN",
        "\x80\xff",
        "X" * 5000,
        "",
    ],
)
async def test_what_is_not_offered_is_refused_and_the_talk_goes_on(command: str) -> None:
    async with listening(House()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await reader.readline()
        writer.write(b"EHLO x\r\nNOOP\r\n" + command.encode("latin-1") + b"\r\nNOOP\r\n")
        replies = [await reader.readline() for _ in range(8)]
        writer.close()
    assert replies[-3:][0] == b"250 OK\r\n"
    assert replies[-2][:1] in b"45"
    assert replies[-1] == b"250 OK\r\n"


async def test_a_declared_size_beyond_the_limit_is_refused_at_mail_from() -> None:
    def speak(connection: smtplib.SMTP) -> int:
        connection.ehlo()
        return connection.mail("gina@customer.example", ["size=2000"])[0]

    async with listening(House(), max_size=1000) as server:
        assert await talk(server, speak) == 552


@pytest.mark.parametrize("line", [b"x" * 70 + b"\r\n", b"x" * 100_000, b"\r\n.."])
async def test_an_undeclared_size_is_refused_before_all_is_read(line: bytes) -> None:
    house = House()
    async with listening(house, max_size=200_000, linger=0.2) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\n")
        while not (await reader.readline()).startswith(b"354"):
            pass
        writer.write(line * (300_000 // len(line) + 1))
        assert (await reader.readline())[:9] == b"552 5.3.4"
        assert await reader.read() == b""
        writer.close()
        assert (await send(server, "care@aurora.example"))[0] == 250
    assert len(house.taken) == 1


async def test_all_conversations_together_hold_a_bounded_amount() -> None:
    house = House()
    async with listening(house, max_held=100_000, linger=0.2) as server:
        assert (await send(server, "care@aurora.example", raw=mail(b"x" * 150_000)))[0] == 452
        assert (await send(server, "care@aurora.example", raw=mail(b"x" * 50_000)))[0] == 250
        assert (await send(server, "care@aurora.example", raw=mail(b"x" * 60_000)))[0] == 250


async def test_long_lines_dots_and_any_octets_arrive_to_the_letter() -> None:
    house = House()
    body = b".\r\n..\r\n" + b"y" * 5_000 + b"\r\n\x00\xff\n.\nbare\r\n" + b"." * 3_000 + b"\r\n"
    async with listening(house) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        stuffed = re.sub(rb"(?m)^\.", b"..", body.replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n"))
        writer.write(
            b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\n"
            + stuffed
            + b".\r\nQUIT\r\n"
        )
        replies = await reader.read()
        writer.close()
    assert replies.endswith(b"250 2.0.0 Taken\r\n221 Bye\r\n")
    [(arrival, _)] = house.taken
    assert arrival.envelope_from == ""
    assert arrival.raw.partition(b"+0000\r\n")[2] == body.replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n")
    assert parse(arrival.raw).automatic_reason == "null-return-path"


async def test_an_empty_mail_is_taken() -> None:
    house = House()
    async with listening(house) as server:
        assert (await send(server, "care@aurora.example", raw=b""))[0] == 250
    assert len(house.taken) == 1


async def test_at_most_a_hundred_recipients_a_mail() -> None:
    def speak(connection: smtplib.SMTP) -> list[int]:
        connection.ehlo()
        connection.mail("a@b.example")
        return [connection.rcpt("care@aurora.example")[0] for _ in range(101)]

    async with listening(House()) as server:
        codes = await talk(server, speak)
    assert codes == [250] * 100 + [452]


async def test_recipients_do_not_leak_into_the_next_mail() -> None:
    house = House()

    def speak(connection: smtplib.SMTP) -> list[int]:
        connection.ehlo()
        codes = []
        for ending in ("RSET", "EHLO x", "send"):
            connection.mail("a@b.example")
            connection.rcpt("care@aurora.example")
            codes.append(connection.data(mail())[0] if ending == "send" else connection.docmd(ending)[0])
            codes.append(connection.docmd("DATA")[0])
        return codes

    async with listening(house) as server:
        assert await talk(server, speak) == [250, 503, 250, 503, 250, 503]
    assert [len(group) for _, group in house.taken] == [1]


async def test_a_silent_client_is_shown_the_door() -> None:
    async with listening(House(), idle_timeout=0.1) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        assert (await reader.read()).startswith(b"220")
        writer.close()


async def test_a_client_that_drips_its_mail_is_shown_the_door() -> None:
    async with listening(House(), data_timeout=0.2, linger=0.1) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\nx\r\n")
        assert b"451 4.4.2" in await reader.read()
        writer.close()


async def test_connections_beyond_the_limit_are_asked_to_come_back() -> None:
    async with listening(House(), max_connections=1) as server:
        first, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await first.readline()
        second, other = await asyncio.open_connection("127.0.0.1", server.port)
        assert (await second.read()).startswith(b"421")
        other.close()
        writer.write(b"QUIT\r\n")
        await first.read()
        writer.close()
        assert (await send(server, "care@aurora.example"))[0] == 250


async def test_closing_finishes_the_mail_in_flight_and_dismisses_the_idle() -> None:
    house = House()
    house.gate.clear()
    async with listening(house) as server:
        idle, idle_writer = await asyncio.open_connection("127.0.0.1", server.port)
        await idle.readline()
        sending = asyncio.ensure_future(send(server, "care@aurora.example"))
        await house.entered.wait()
        closing = asyncio.ensure_future(server.close(grace=10))
        assert (await idle.read()).startswith(b"421")
        idle_writer.close()
        assert not closing.done()
        house.gate.set()
        assert (await sending)[0] == 250
        await closing
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", server.port)
    assert len(house.taken) == 1


async def test_a_client_that_hangs_up_does_not_cut_an_acceptance_in_two() -> None:
    house = House()
    house.gate.clear()
    async with listening(house) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\n\r\nx\r\n.\r\n"
        )
        await house.entered.wait()
        writer.transport.abort()
        house.gate.set()
        await server.close(grace=5)
    assert len(house.taken) == 1


async def test_an_acceptance_that_hangs_is_answered_451() -> None:
    house = House()
    house.gate.clear()
    async with listening(house, accept_timeout=0.05) as server:
        assert (await send(server, "care@aurora.example"))[0] == 451


async def test_broken_clients_leave_the_server_standing() -> None:
    house = House()
    pieces = [
        b"",
        b"\r\n" * 50,
        b"EHLO x\r\nMAIL FROM:<\r\n",
        b"\x00" * 5_000,
        b"DATA\r\n.\r\n",
        b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\nhalf",
    ]
    pieces += [
        b"EHLO x\r\nMAIL FROM:" + odd + b"\r\nRCPT TO:" + odd + b"\r\n"
        for odd in (b"<@>", b":;;;;", b"<\xff\xfe>", b'"' * 90, b"(" * 900, b"<a@b> SIZE=x", b"<a@b> =")
    ]
    async with listening(house) as server:
        for piece in pieces:
            with suppress(OSError):
                await asyncio.to_thread(knock, server.port, piece)
        assert (await send(server, "care@aurora.example"))[0] == 250
    assert len(house.taken) == 1


def knock(port: int, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(data)


async def test_a_retry_of_a_relay_has_the_same_key() -> None:
    house = House()
    async with listening(house) as server:
        await send(server, "care@aurora.example")
        await send(server, "shop@aurora.example", sender="relay@x.example")
    first, second = (arrival.raw for arrival, _ in house.taken)
    assert first != second
    assert key(first) == key(second)


async def test_hostile_mails_are_taken_like_any_other() -> None:
    house = House()
    small = [case.raw for case in CASES if 0 < len(case.raw) < 50_000]
    async with listening(house) as server:

        def speak(connection: smtplib.SMTP) -> set[int]:
            connection.ehlo()
            return {hand_in(connection, raw) for raw in small}

        assert await talk(server, speak) == {250}
    assert len(house.taken) == len(small)


def hand_in(connection: smtplib.SMTP, raw: bytes) -> int:
    connection.mail("gina@customer.example")
    connection.rcpt("care@aurora.example")
    return connection.data(raw)[0]


async def test_octets_that_are_no_text_in_the_envelope_become_storable() -> None:
    house = House()
    async with listening(house) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"EHLO \xff\xfe\r\nMAIL FROM:<a\xff@b.example>\r\nRCPT TO:<care@aurora.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"
        )
        replies = await reader.read()
        writer.close()
    assert [(item.envelope_from + item.helo).encode() for item, _ in house.taken] or b"553" in replies
    assert all(item.raw.startswith(b"Return-Path: <a?@b.example>") for item, _ in house.taken)


async def test_an_error_of_our_own_is_answered_451(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> list[str]:
        raise RuntimeError("a bug")

    house = House()
    with monkeypatch.context() as patch:
        patch.setattr(Intake, "take", broken)
        async with listening(house) as server:
            assert (await send(server, "care@aurora.example"))[0] == 451
    async with listening(house) as server:
        assert (await send(server, "care@aurora.example"))[0] == 250
    assert len(house.taken) == 1
