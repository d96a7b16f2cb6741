"""Customers of the simulation write: their mails go through the mailroom, byte for byte, as if SMTP had brought them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import msgspec

from portavoce.channels.email.receiving import Arrival, ListenSettings, Recipient, trace
from portavoce.demo import cast, posts, texts
from portavoce.demo.cast import Team
from portavoce.demo.floor import Event, Floor, Thread
from portavoce.demo.posts import Post

LISTENER = ListenSettings(hostname="portavoce.example")
SOON = timedelta(minutes=2)
Boxes = dict[str, list[Recipient]]
Wait = Callable[[Thread, UUID], None]
JUNK = (
    b"Subject: offerta\r\nTo: undisclosed-recipients:;\r\n\r\nScopri subito la nostra offerta irripetibile.\r\n",
    b"\x00\xff\xfe\x01 non sono un messaggio\r\n\x00\x00",
)


class Customers:
    """Everybody who writes to the brands of one desk. `wait` is told of each contact that now waits for an agent."""

    def __init__(self, floor: Floor, boxes: Boxes, wait: Wait) -> None:
        self.floor = floor
        self._boxes = boxes
        self.wait = wait
        self._known: dict[str, list[tuple[str, str, str]]] = {}
        self._mails = 0

    def first(self, team: Team) -> Event:
        """A new matter, by somebody new or by somebody who wrote before."""

        async def event() -> None:
            name, sender, language = self._customer(team)
            matter = texts.draft(self.floor.random, team.slug, name, language)
            subject, text = texts.opening(self.floor.random, matter)
            box = self._boxes[team.slug][min(self.floor.random.randrange(4), len(self._boxes[team.slug]) - 1)]
            thread = Thread(matter, sender, box, subject, [])
            await self._send(thread, subject, text, attached=self._attachment())

        return event

    def again(self, thread: Thread, kind: str, *, automatic: bool = False) -> Event:
        """Another mail of the same matter, never while an agent has it on the screen."""

        async def event() -> None:
            if kind == "chase" and thread.written:
                return
            if thread.busy_until and thread.busy_until >= self.floor.clock.now():
                self.floor.at(thread.busy_until + SOON, event)
                return
            thread.rounds += 1
            thread.thanked = kind == "thanks"
            text = "Sono fuori ufficio, risponderò al mio rientro.\n"
            if not automatic:
                text = texts.follow_up(self.floor.random, thread.matter, kind)
                text += self._quotation(thread)
            await self._send(thread, f"Re: {thread.subject}", text, automatic=automatic)

        return event

    def junk(self, team: Team) -> Event:
        """Bytes that become no conversation but an entry of the quarantine."""

        async def event() -> None:
            self._mails += 1
            raw = self.floor.random.choice(JUNK) + b"%d\r\n" % self._mails
            await self._hand_in(self._boxes[team.slug][0], "", raw)

        return event

    async def _send(
        self, thread: Thread, subject: str, text: str, *, attached: str = "", automatic: bool = False
    ) -> None:
        self._mails += 1
        random, now = self.floor.random, self.floor.clock.now()
        message_id = f"<{random.getrandbits(48):012x}.{self._mails}@{thread.sender.rpartition('@')[2]}>"
        html = random.random() < 0.3
        post = Post(
            thread.matter.name, thread.sender, thread.recipient.address, subject, text, message_id, now,
            tuple(thread.ids), html, attached, automatic,
        )  # fmt: skip
        thread.ids.append(message_id)
        tagged = msgspec.structs.replace(thread.recipient, tag=thread.tag if random.random() < 0.8 else "")
        self.floor.opened.clear()
        await self._hand_in(tagged, thread.sender, posts.write(post))
        for interaction_id in tuple(self.floor.opened):
            self.wait(thread, interaction_id)

    async def _hand_in(self, recipient: Recipient, sender: str, raw: bytes) -> None:
        helo = sender.rpartition("@")[2] or "unknown.example"
        arrival = Arrival(
            raw=b"", envelope_from=sender, peer="192.0.2.25", helo=helo, received_at=self.floor.clock.now()
        )
        whole = msgspec.structs.replace(arrival, raw=trace(arrival, [recipient], LISTENER) + raw)
        await self.floor.room.accept(whole, [recipient])

    def _customer(self, team: Team) -> tuple[str, str, str]:
        random, known = self.floor.random, self._known.setdefault(team.slug, [])
        if len(known) > 20 and random.random() < 0.28:
            return random.choice(known)
        foreign = sorted(texts.languages(team.slug) - {"it"})
        language = random.choice(foreign) if foreign and random.random() < 0.3 else "it"
        if language == "it":
            name = f"{random.choice(cast.FIRST_NAMES)} {random.choice(cast.LAST_NAMES)}"
        else:
            name = random.choice(cast.FOREIGN_NAMES[language])
        local = name.lower().replace(" ", ".")
        known.append((name, f"{local}@{random.choice(cast.MAIL_HOSTS)}", language))
        return known[-1]

    def _attachment(self) -> str:
        return self.floor.random.choice(sorted(posts.FILES)) if self.floor.random.random() < 0.08 else ""

    def _quotation(self, thread: Thread) -> str:
        if not thread.written or self.floor.random.random() < 0.3:
            return ""
        return "\n" + posts.quoted(thread.written, thread.recipient.address, self.floor.clock.now())
