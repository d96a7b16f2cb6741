"""What one open contact consists of on the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from portavoce.conversations.choices import LineRules, path
from portavoce.conversations.recognising.rows import IdentityRow

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
TEXTS = frozenset({"text/plain", "text/csv"})
PAGES = "application/pdf"
LARGEST_PICTURE = 4 * 1024 * 1024


class Head(msgspec.Struct, frozen=True):
    """`holder` is the alias the brand knows; `holder_agent_id` tells whether that is the reader.

    Of one that was put aside it is who did, and `wakes_at` when it comes back; of a closed one it is who closed it, and
    `acw_until` when their after-contact work on it ends, while it goes on. `lob` is the line of business that works on it
    now; `question` what the client has not answered yet; `complaint` the code, if it is one;
    `approval_asked` since when a reply waits for the client's approval, `approval_older` that the customer has written
    since; `merged_into` the contact it goes on in, also of one that was split off and came back; `threads` those that go
    on in its own; `was_split`: messages went out of its thread, or came into it; `native_id` the newest answer that the
    brand itself wrote, at `native_at`; `came_by` the channel it was opened on, if it was moved to another one since.
    """

    brand_id: UUID
    interaction_id: UUID
    conversation_id: UUID
    customer_id: UUID
    lob_id: UUID
    ticket: int | None
    subject: str
    channel: str
    state: str
    lob: str
    lob_language: str
    customer: str
    language: str
    customer_since: datetime
    opened_at: datetime
    due_at: datetime | None
    first_response_at: datetime | None
    closed_at: datetime | None
    holder: str | None
    holder_agent_id: UUID | None
    wakes_at: datetime | None = None
    question: str | None = None
    asked_at: datetime | None = None
    answer_due_at: datetime | None = None
    complaint: str | None = None
    complaint_due: datetime | None = None
    approval_asked: datetime | None = None
    approval_due: datetime | None = None
    approval_message: UUID | None = None
    approval_older: bool = False
    reason_id: UUID | None = None
    acw_since: datetime | None = None
    acw_until: datetime | None = None
    care_case_id: UUID | None = None
    merged_into: UUID | None = None
    threads: list[UUID] | None = None
    was_split: bool = False
    native_id: UUID | None = None
    native_at: datetime | None = None
    came_by: str | None = None

    @property
    def promised(self) -> timedelta:
        return self.due_at - self.opened_at if self.due_at else timedelta(0)


class AttachmentRow(msgspec.Struct, frozen=True):
    message_id: UUID
    id: UUID
    name: str
    media_type: str
    size: int

    @property
    def preview(self) -> str:
        """How it can be looked at without opening it: as a `picture`, as `pages`, as `text`, or not at all."""
        if self.media_type in PICTURES and self.size <= LARGEST_PICTURE:
            return "picture"
        if self.media_type == PAGES:
            return "pages"
        return "text" if self.media_type in TEXTS else ""


class MessageRow(msgspec.Struct, frozen=True):
    """`has_html` says that a frame can show it as it was sent; `conversation_id` the thread it was written in."""

    id: UUID
    interaction_id: UUID
    conversation_id: UUID
    direction: str
    channel: str
    state: str
    author: str
    subject: str
    body: str
    quoted: str
    has_html: bool
    automatic: bool
    other_sender: bool
    at: datetime
    leaves_at: datetime | None
    sent_at: datetime | None
    failure: str | None
    resent_at: datetime | None
    attachments: tuple[AttachmentRow, ...] = ()


class EarlierRow(msgspec.Struct, frozen=True):
    """`visited`: of a visit to a shop, who was at the counter and what it was about."""

    interaction_id: UUID
    channel: str
    subject: str
    state: str
    opened_at: datetime
    ticket: int | None
    outcome: str | None
    care_case_id: UUID | None = None
    visited: str | None = None


class SplitRow(msgspec.Struct, frozen=True):
    """So many messages went from one thread to another, and, `undone_at`, back. `came`: into the one that is looked at,
    else out of it. `opened_id` is the contact they became, `other_id` the one at the other end, with `ticket` and `subject`.
    """

    id: UUID
    at: datetime
    undone_at: datetime | None
    messages: int
    came: bool
    opened_id: UUID
    other_id: UUID
    ticket: int | None
    subject: str
    alias: str


class ClosureRow(msgspec.Struct, frozen=True):
    """`outcome`: the labels of its path in the tree, `code` that of its end."""

    code: str
    outcome: tuple[str, ...]
    note: str
    alias: str
    at: datetime


class ConversationView(msgspec.Struct, frozen=True):
    """`more` and `more_earlier`: older messages, and older contacts, were left out."""

    head: Head
    identities: tuple[IdentityRow, ...]
    messages: tuple[MessageRow, ...]
    more: bool
    earlier: tuple[EarlierRow, ...]
    more_earlier: bool
    rules: LineRules
    closure: ClosureRow | None
    splits: tuple[SplitRow, ...] = ()

    @property
    def open_others(self) -> tuple[EarlierRow, ...]:
        """Contacts of the same customer that wait or are in hand: this one may be put together with them."""
        return tuple(each for each in self.earlier if each.state in ("waiting", "assigned"))

    @property
    def splittable(self) -> bool:
        """Whether its customer wrote more than once to it, so that a part may be about something else."""
        own = [each for each in self.messages if each.interaction_id == self.head.interaction_id]
        theirs = [
            each for each in own if each.direction == "in" and not each.automatic and not each.other_sender
        ]
        return self.more or len(theirs) > 1

    @property
    def reason(self) -> tuple[str, ...]:
        """Why the customer wrote, as the labels of its path; empty when nobody said so."""
        return path(self.rules.nodes, self.head.reason_id)

    @property
    def reason_code(self) -> str:
        return next((each.code for each in self.rules.nodes if each.id == self.head.reason_id), "")
