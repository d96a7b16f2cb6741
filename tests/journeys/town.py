"""A provider's whole installation as operators start it: web, engine and worker of their own, Redis, a relay that keeps."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import smtplib
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from pathlib import Path
from uuid import UUID

import msgspec

from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.embedded import redis as embedded
from portavoce.core.push import Publisher
from portavoce.core.scope import HOUSE
from portavoce.identity import people
from portavoce.identity.granting import grant
from portavoce.identity.inviting import invite
from portavoce.identity.mails import House
from portavoce.identity.sessions import open_session
from portavoce.wiring import open_database
from tests.database import PASSWORDS, Installation
from tests.fakes.smtp_sink import SmtpSink, Sunk
from tests.faults.site import answers
from tests.ports import free_port

PATIENCE = 30.0
"""Seconds after which something that must happen did not."""
ROOT = Path(__file__).parents[2]
MAIL_SERVER = "mx.town.example"
"""The mail server in front, whose word on senders counts."""
PROCESSES = ("engine", "worker", "serve")
IMPATIENT = "from tests.faults.process import main; main({name!r}, 2.0)"


@dataclass
class Town:
    """`sink` is the relay behind which the customers and the staff read their mail."""

    installation: Installation
    settings: Settings
    database: Database
    sink: SmtpSink
    running: dict[str, Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.base_url

    async def start(self, *names: str, impatient: bool = False) -> None:
        """Returns once each is at work. `impatient`: work that was cut off counts as such after two seconds."""
        for name in names:
            command = ["-c", IMPATIENT.format(name=name)] if impatient else ["-m", "portavoce", name]
            with self.log_of(name).open("ab") as log:
                self.running[name] = await asyncio.create_subprocess_exec(
                    sys.executable, *command, env=self._environment(), cwd=ROOT,
                    stdout=DEVNULL, stderr=log, start_new_session=True,
                )  # fmt: skip
        for name in names:
            await self._at_work(name)

    def log_of(self, name: str) -> Path:
        return self.settings.home / f"{name}.log"

    async def kill(self, name: str) -> None:
        """As `kill -9` of it and of its children."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """As an operator does."""
        stopping = list(self.running.values())
        self.running.clear()
        for process in stopping:
            process.terminate()
        for process in stopping:
            await asyncio.wait_for(process.wait(), PATIENCE)

    async def _at_work(self, name: str) -> None:
        signs = {"serve": lambda: answers(f"{self.url}/health/live"), "engine": self._greets}
        sign = signs.get(name, lambda: True)

        async def given() -> bool:
            process = self.running[name]
            assert process.returncode is None, self.log_of(name).read_text()[-2000:]
            return await asyncio.to_thread(sign)

        await self.until(given)

    def _greets(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.settings.smtp_port, timeout=PATIENCE) as client:
                return client.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        given = msgspec.structs.asdict(self.settings).items()
        return {
            **os.environ,
            **{f"PORTAVOCE_{key.upper()}": str(value) for key, value in given},
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }

    async def until(self, true: Callable[[], Awaitable[object]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await true():
                await asyncio.sleep(0.05)

    async def post(self, mail: EmailMessage) -> int:
        """Hands a customer's mail to the listener; gives the answer to the last dot, 0 when nobody was there."""

        def speak() -> int:
            try:
                with smtplib.SMTP("127.0.0.1", self.settings.smtp_port, timeout=PATIENCE) as client:
                    client.send_message(mail)
                    return 250
            except smtplib.SMTPResponseException as error:
                return error.smtp_code
            except (smtplib.SMTPException, OSError):
                return 0

        return await asyncio.to_thread(speak)

    async def post_until_taken(self, mail: EmailMessage) -> None:
        """As a relay does: again and again until it is told 250."""
        async with asyncio.timeout(PATIENCE):
            while await self.post(mail) != 250:
                await asyncio.sleep(0.2)

    def sunk(self, address: str) -> list[Sunk]:
        """What left for somebody, in order."""
        return [mail for mail in self.sink.mails if address in mail.recipients]

    async def mail_to(self, address: str, *, number: int = 1) -> EmailMessage:
        """The `number`th mail that left for somebody, once it is there."""
        async with asyncio.timeout(PATIENCE):
            while len(self.sunk(address)) < number:
                await asyncio.sleep(0.05)
        found = BytesParser(policy=default).parsebytes(self.sunk(address)[number - 1].raw)
        assert isinstance(found, EmailMessage)
        return found

    async def link_to(self, address: str) -> str:
        """The link of the last mail somebody got from the house."""
        mail = await self.mail_to(address, number=max(1, len(self.sunk(address))))
        found = re.search(r"https?://\S+", mail.get_content())
        assert found is not None
        return found[0]

    async def invite_admin(self, email: str, name: str) -> None:
        """The first administrator: without one nobody could begin."""
        async with self.database.begin(HOUSE) as db:
            person = await people.add_person(db, name=name, email=email, locale="it", client_id=None, by=None)
            await grant(db, person.id, "admin")
            await invite(
                db, House(self.settings.provider_name, self.settings.base_url), person.id, by=person.id
            )

    async def cookie_of(self, person_id: UUID) -> str:
        """A session somebody has opened before."""
        async with self.database.begin(HOUSE) as db:
            return open_session(db, person_id, "127.0.0.1")

    def complaints(self) -> list[str]:
        """What the processes logged as errors."""
        logs = [self.log_of(name) for name in PROCESSES]
        lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
        return [line for line in lines if re.search(r"\b(error|critical|Traceback)\b", line)]


def customers_mail(to: str, text: str, *, sender: str, subject: str, **fields: str) -> EmailMessage:
    """Italian text from a person; `In_Reply_To="<…>"` gives a field of that name."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<{os.urandom(8).hex()}@posta.example>"
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@asynccontextmanager
async def running_town(installation: Installation, home: Path) -> AsyncIterator[Town]:
    """Everything started; `home` must be enterable by the account that runs Redis."""
    sink = SmtpSink()
    await sink.start()
    server = await asyncio.to_thread(embedded.ensure_running, home)
    settings = _settings(installation, home, server.url, sink.port)
    publisher = Publisher(settings.redis_url)
    database = open_database(settings, publish=publisher.publish)
    town = Town(installation, settings, database, sink)
    try:
        await town.start(*PROCESSES)
        yield town
        await town.stop()
    finally:
        for name in list(town.running):
            await town.kill(name)
        await sink.close()
        await publisher.close()
        await database.close()
        await asyncio.to_thread(embedded.stop, server)


def _settings(installation: Installation, home: Path, redis_url: str, relay_port: int) -> Settings:
    secrets = home / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    (secrets / "roles.json").write_bytes(msgspec.json.encode(PASSWORDS))
    ports = [free_port() for _ in range(4)]
    return Settings(
        home=home, database_url=installation.url("portavoce_app"), redis_url=redis_url, web_port=ports[0],
        smtp_port=ports[1], lmtp_port=ports[2], sent_port=ports[3],
        relay_url=f"smtp://127.0.0.1:{relay_port}?security=none", probe_at="never", mail_server=MAIL_SERVER,
    )  # fmt: skip
