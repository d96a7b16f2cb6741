"""One open contact: what was read, whose it is for this reader, and its pieces of the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.faces import BrandFace, faces
from portavoce.conversations.amending import AMENDABLE
from portavoce.conversations.history_queries import NEWEST, Extent
from portavoce.conversations.leads.queries import LeadEntry, leads_of
from portavoce.conversations.promise_queries import PromiseRow, promises_of
from portavoce.conversations.thread_queries import conversation_view
from portavoce.conversations.thread_rows import ConversationView, EarlierRow, Head, MessageRow, SplitRow
from portavoce.conversations.threads.parting import PARTABLE
from portavoce.conversations.visits.queries import VisitEntry, visits_among
from portavoce.conversations.ways import SPOKEN, VISIT, open_ways
from portavoce.core.errors import NotFound
from portavoce.customers.masking import masked
from portavoce.customers.queries import Profile, profile_of
from portavoce.customers.reaching import preferred_at
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.later import moments

SHAPES = {
    "circle": '<circle cx="8" cy="8" r="8"/>',
    "square": '<rect width="16" height="16" rx="3.5"/>',
    "leaf": '<path d="M2 0H8A8 8 0 0 1 16 8V14A2 2 0 0 1 14 16H8A8 8 0 0 1 0 8V2A2 2 0 0 1 2 0Z"/>',
    "hex": '<path d="M4 .5h8L16 8l-4 7.5H4L0 8Z"/>',
    "shield": '<path d="M1 0h14v10l-7 6-7-6Z"/>',
}


Said = MessageRow | PromiseRow | LeadEntry | SplitRow | VisitEntry
"""What stands in the timeline."""


class Wish(msgspec.Struct, frozen=True):
    """What the customer prefers to what is about to happen. `at`: when their hours begin, None while they are on."""

    channel: str
    moment: str
    at: datetime | None


class Contact(msgspec.Struct, frozen=True):
    """`mode` is what the reader can do: take a waiting one, work on their own, look at another's, reopen; of what they
    closed themselves, wrap it up (`wrapping`), or put right how it ended (`concluded`).
    """

    brand: BrandFace
    view: ConversationView
    profile: Profile
    promises: tuple[PromiseRow, ...]
    agent_id: UUID | None
    leads: tuple[LeadEntry, ...] = ()
    visits: tuple[VisitEntry, ...] = ()

    @property
    def head(self) -> Head:
        return self.view.head

    @property
    def said(self) -> list[Said]:
        """The messages shown, and among them what was promised, passed to the client and split, as it came."""
        return self.said_until(None)

    def said_until(self, end: datetime | None) -> list[Said]:
        """The same of a page that ends before a message of that moment."""
        if not self.view.messages:
            return list(self.view.splits) if end is None else []
        begun, own = self.view.messages[0].at, self.head.conversation_id
        beside: list[Said] = [
            *self.view.splits,
            *(each for each in self.promises if each.conversation_id == own),
            *(each for each in self.leads if each.conversation_id == own),
        ]
        among = [each for each in beside if _came(each) >= begun and (end is None or _came(each) < end)]
        entries = {each.message_id: each for each in self.visits}
        said = [entries.get(each.id, each) for each in self.view.messages]
        return sorted([*said, *among], key=_came)

    @property
    def undoable(self) -> timedelta:
        """How long a split may be taken back."""
        return PARTABLE

    @property
    def goes_on_in(self) -> UUID | None:
        """Of a visit: the mail contact that it became."""
        here = self.head.interaction_id
        return next((each.goes_on_in for each in self.visits if each.interaction_id == here), None)

    @property
    def spoken(self) -> bool:
        """Whether it goes on by calls, and not in writing."""
        return self.head.channel in SPOKEN

    @property
    def ways(self) -> dict[str, str]:
        """By which other channels it can go on, and why not by which: "" for those that are open."""
        known = {each.channel for each in self.view.identities}
        return open_ways(self.head.channel, known, self.profile.needs)

    @property
    def likely_way(self) -> str:
        """The one that the customer prefers, else the only one; "" when the agent has to say."""
        ways = [each for each, why_not in self.ways.items() if not why_not]
        preferred = self.profile.preferred_channel
        return preferred if preferred in ways else ways[0] if len(ways) == 1 else ""

    @property
    def hidden_number(self) -> str:
        """Of the telephone, as it may be shown before somebody needs it; "" when none is known."""
        numbers = [each.shown for each in self.view.identities if each.channel == "phone"]
        return masked("phone", numbers[0]) if numbers else ""

    @property
    def native_at(self) -> datetime | None:
        """When the brand itself answered, if the customer has not written since."""
        at = self.head.native_at
        theirs = (each.at for each in self.view.messages if each.direction == "in" and not each.automatic)
        return None if at is None or any(each > at for each in theirs) else at

    @property
    def in_case(self) -> list[EarlierRow]:
        """What came before about the same problem, oldest first."""
        case = self.head.care_case_id
        return [each for each in self.view.earlier if case is not None and each.care_case_id == case]

    @property
    def mode(self) -> str:
        own = self.agent_id is not None and self.head.holder_agent_id == self.agent_id
        if self.head.state == "closed" and own and self.view.rules.acw_mode != "off":
            return "wrapping" if self.head.acw_until else "concluded"
        if self.head.state != "assigned":
            return self.head.state
        return "mine" if own else "taken"

    @property
    def approved_first(self) -> bool:
        """Whether the line wants the client to approve what is written here."""
        rule = self.view.rules.approval
        return rule == "always" or (rule == "sensitive" and self.head.complaint is not None)

    def amendable(self, at: datetime) -> bool:
        """Whether the reader may still put right how they closed it."""
        closure = self.view.closure
        return self.mode in ("wrapping", "concluded") and closure is not None and at - closure.at <= AMENDABLE

    @property
    def url(self) -> str:
        return contact_url(self.brand.slug, self.head.interaction_id)

    @property
    def stream(self) -> str:
        """Where its page hears of it: the oldest message and contact that it shows travel along."""
        shown = {
            "open": self.head.interaction_id,
            "brand": self.brand.slug,
            "since_message": self.view.messages[0].id if self.view.messages else None,
            "since_contact": self.view.earlier[0].interaction_id if self.view.earlier else None,
        }
        return f"/desk/stream?{urlencode({name: each for name, each in shown.items() if each is not None})}"

    @property
    def icon(self) -> str:
        """The tile as a data URL, so that the tab of the browser wears the brand too."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="{self.brand.accent}">{SHAPES[self.brand.shape]}</svg>'
        return f"data:image/svg+xml,{quote(svg)}"

    def wish(self, at: datetime) -> Wish | None:
        """None when writing now, by this channel, is what the customer prefers or does not mind."""
        known, begins = self.profile, preferred_at(at, self.brand.zone, self.profile.preferred_moment)
        channel = known.preferred_channel if known.preferred_channel != self.head.channel else ""
        moment = known.preferred_moment if begins > at else ""
        return Wish(channel, moment, begins if moment else None) if channel or moment else None

    def moments(self, at: datetime) -> list[tuple[str, str]]:
        return moments(at, self.brand.zone)

    def context(self) -> dict[str, Any]:
        return {
            "contact": self,
            "head": self.head,
            "view": self.view,
            "brand": self.brand,
            "profile": self.profile,
            "promises": self.promises,
            "identities": self.view.identities,
        }


async def read_contact(
    db: AsyncSession, interaction_id: UUID, brand_id: UUID, agent_id: UUID | None, *, extent: Extent = NEWEST
) -> Contact:
    """Of the one brand in scope; NoInteraction when it is not there."""
    view = await conversation_view(db, interaction_id, extent)
    known = await faces(db, [brand_id])
    if brand_id not in known:
        raise NotFound("This page does not exist.")
    customer_id = view.head.customer_id
    return Contact(
        known[brand_id], view, await profile_of(db, customer_id), await promises_of(db, customer_id), agent_id,
        await leads_of(db, customer_id),
        await visits_among(db, [each.id for each in view.messages if each.channel == VISIT]),
    )  # fmt: skip


def _came(each: Said) -> datetime:
    return each.made_at if isinstance(each, PromiseRow | LeadEntry) else each.at
