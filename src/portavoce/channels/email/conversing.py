"""One SMTP or LMTP conversation: aiosmtpd's, with our own DATA, refusals and limits."""

# ruff: noqa: N802 -- aiosmtpd finds these methods by the command's name

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from portavoce.channels.email.intake import TOO_LARGE, Intake
from portavoce.channels.email.receiving import Deferred, Recipient
from portavoce.core import metrics

LOG = structlog.get_logger()
COMMAND_LIMIT = 1_500
CALLS = {
    "NOOP": 20,
    "RSET": 200,
    "VRFY": 20,
    "HELP": 20,
    "RCPT": 20_000,
    "EHLO": 20,
    "HELO": 20,
    "LHLO": 20,
    "*": 1_000,
}
DEFERRED = "451 4.3.0 Cannot take mail right now, try again later"
TOO_MUCH = "452 4.3.1 Too much mail at once, try again later"
TOO_SLOW = "451 4.4.2 Too slow, try again later"
REASONS = {TOO_LARGE: "size", TOO_MUCH: "memory", TOO_SLOW: "slow"}
CLOSING = "421 4.3.2 Closing, try again later"


class Letter(Envelope):
    """aiosmtpd's envelope, with the recipients as we know them."""

    def __init__(self) -> None:
        super().__init__()
        self.recipients: list[Recipient] = []


class Refused(Exception):
    """The mail is not read any further; `answer` says why."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Hooks:
    """What aiosmtpd asks us between its own answers."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.settings = intake.settings

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offered = [line for line in responses[:-1] if not line.startswith("250-AUTH")]
        return [*offered, "250 PIPELINING"]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Letter, address: str, options: list[str]
    ) -> str:
        if len(envelope.recipients) >= self.settings.max_recipients:
            return "452 4.5.3 Too many recipients, send the others in another mail"
        try:
            recipient = await self.intake.recipient(address)
        except Deferred as deferral:
            metrics.MAILS.labels("refused", deferral.reason).inc()
            return deferral.answer
        except Exception:
            metrics.MAILS.labels("refused", "trouble").inc()
            LOG.exception("a recipient could not be looked up")
            return DEFERRED
        if recipient is None:
            metrics.MAILS.labels("refused", "unknown address").inc()
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(recipient.address)
        envelope.recipients.append(recipient)
        return "250 2.1.5 Recipient ok"

    async def handle_exception(self, error: Exception) -> str:
        LOG.error("a mail conversation failed", exc_info=error)
        return DEFERRED


class Conversation(SMTP):
    """Lives as long as the connection; `busy` from DATA until the answer is out."""

    def __init__(self, intake: Intake, left: Callable[["Conversation"], None], **options: Any) -> None:
        settings = intake.settings
        super().__init__(
            Hooks(intake),
            data_size_limit=settings.max_size,
            enable_SMTPUTF8=True,
            hostname=settings.hostname,
            ident=f"{settings.protocol.upper()} ready",
            timeout=settings.idle_timeout,
            command_call_limit=dict(CALLS),
            **options,
        )
        # aiosmtpd keeps these on the class and adds to them at every EHLO.
        self.command_size_limits = defaultdict(lambda: COMMAND_LIMIT)
        self.intake = intake
        self.busy = False
        self.held = 0
        self.leaving = False
        self._left = left

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._left(self)

    def dismiss(self) -> None:
        """Ends the conversation, at once or after the mail in flight has its answer."""
        self.leaving = True
        if not self.busy and self.transport is not None:
            self._writer.write(f"{CLOSING}\r\n".encode())
            self.transport.close()

    def abort(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push("502 5.5.1 VRFY is not offered")

    async def smtp_EXPN(self, arg: str | None) -> None:
        await self.push("502 5.5.1 EXPN is not offered")

    async def smtp_AUTH(self, arg: str | None) -> None:
        await self.push("502 5.5.1 AUTH is not offered")

    async def smtp_HELP(self, arg: str | None) -> None:
        await self.push("214 2.0.0 See RFC 5321")

    def _create_envelope(self) -> Letter:
        return Letter()

    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        letter = cast(Letter, self.envelope)
        if arg or not letter.recipients:
            await self.push("501 Syntax: DATA" if arg else "503 5.5.1 Need RCPT first")
            return
        self.busy = True
        try:
            await self._take_mail(letter)
        except Refused as refusal:
            await self._refuse_the_rest(refusal.answer)
        finally:
            self.busy = False
            self.intake.held -= self.held
            self.held = 0
        if self.leaving and self.transport is not None and not self.transport.is_closing():
            self.dismiss()

    async def _take_mail(self, letter: Letter) -> None:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        try:
            async with asyncio.timeout(self.intake.settings.data_timeout):
                content = [await self._read_content()]
        except TimeoutError as error:
            raise Refused(TOO_SLOW) from error
        session = cast(Session, self.session)
        settings = self.intake.settings
        brands = len({recipient.brand_id for recipient in letter.recipients})
        self._reset_timeout(settings.accept_timeout * brands + settings.idle_timeout)
        sender = letter.mail_from or ""
        answers = await self.intake.take(
            content.pop(),  # the intake's alone
            letter.recipients,
            envelope_from="" if sender == "<>" else sender,
            peer=session.peer,
            helo=session.host_name or "",
        )
        self.envelope = self._create_envelope()
        self._reset_timeout()
        for answer in answers:
            await self.push(answer)

    async def _read_content(self) -> bytes:
        """The mail without its dot stuffing; Refused as soon as it is larger than we said."""
        content = bytearray()
        complete, touched = True, 0.0
        while True:
            piece, ends = await self._read_piece()
            if complete and piece == b".\r\n":
                return bytes(content)
            content += piece[1:] if complete and piece.startswith(b".") else piece
            complete = ends
            self._hold(len(piece), len(content))
            if self.loop.time() - touched > 1:
                touched = self.loop.time()
                self._reset_timeout()

    def _hold(self, more: int, size: int) -> None:
        self.held += more
        self.intake.held += more
        if size > self.intake.settings.max_size:
            raise Refused(TOO_LARGE)
        if self.intake.held > self.intake.settings.max_held:
            raise Refused(TOO_MUCH)

    async def _read_piece(self) -> tuple[bytes, bool]:
        """A line, or the beginning of one longer than the reader's limit, and whether it ends the line."""
        try:
            return await self._reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as overrun:
            piece = await self._reader.read(overrun.consumed)
            return piece, False

    async def _refuse_the_rest(self, answer: str) -> None:
        """Answers, then reads on only for moments: a connection closed over unread input loses the answer."""
        metrics.MAILS.labels("refused", REASONS[answer]).inc()
        LOG.warning("a mail was refused while it came in", answer=answer)
        await self.push(answer)
        self._writer.write_eof()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.intake.settings.linger):
                await self._discard(self.intake.settings.max_size)
        if self.transport is not None:
            self.transport.close()

    async def _discard(self, most: int) -> None:
        while most > 0 and (piece := await self._reader.read(65_536)):
            most -= len(piece)


class LmtpConversation(Conversation):
    """The same with LHLO, and one answer for each recipient (given by the intake)."""

    async def smtp_LHLO(self, arg: str | None) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, arg: str | None) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_HELO(self, arg: str | None) -> None:
        await self.push("500 5.5.1 This is LMTP: say LHLO")
