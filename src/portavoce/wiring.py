"""The house on one page: which reaction follows which event, what is written last, who delivers which topic."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import portavoce.tables  # noqa: F401 -- every process knows every table, or foreign keys lead nowhere
from portavoce.brands import events as brands
from portavoce.brands.reactions import learn_endpoint, learn_name
from portavoce.calendars import events as calendars
from portavoce.channels.email import events as email
from portavoce.channels.email.checking import CheckKeys
from portavoce.channels.email.codes import TOPIC as CODES
from portavoce.channels.email.codes import CodePostman, enqueue_code
from portavoce.channels.email.delivery import Postman
from portavoce.channels.email.parting import part_threads
from portavoce.channels.email.reactions import address_and_enqueue
from portavoce.channels.email.relays import relay_from
from portavoce.channels.email.signing import learn_signature
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.channels.email.turns import TOPIC as EMAIL
from portavoce.conversations import events as conversation
from portavoce.conversations.approvals import events as approvals
from portavoce.conversations.back_office import events as back_office
from portavoce.conversations.back_office.asking import need_no_answer
from portavoce.conversations.bulk import carrying
from portavoce.conversations.bulk.starting import TOPIC as BULK
from portavoce.conversations.following import come_back, follow, show_all_anew, show_anew
from portavoce.conversations.recognising import events as recognising
from portavoce.conversations.recognising.keys import CodeKeys
from portavoce.conversations.recognising.linking import tell_unlinked
from portavoce.core.config import Settings
from portavoce.core.connections import process_urls
from portavoce.core.db import Database, Publish, Reactions
from portavoce.core.delivering import Handler
from portavoce.core.patience import ERRAND, Patience
from portavoce.core.progress import Progress
from portavoce.core.secrets import secret
from portavoce.core.storage import Storage
from portavoce.customers import events as customer
from portavoce.customers.importing.beginning import TOPIC as CUSTOMERS
from portavoce.customers.importing.jobs import Importer
from portavoce.customers.indexing import enter_profile, enter_profiles
from portavoce.kit.clock import Clock, SystemClock
from portavoce.ledger.writing import write_facts
from portavoce.reporting.team.exporting import TOPIC as PARTS
from portavoce.reporting.team.jobs import PartMaker
from portavoce.sla import jobs as clocks
from portavoce.sla.reactions import (
    move_open_clocks,
    start_approvers_clock,
    start_clients_clock,
    start_clock,
    stop_clock,
    wind_up_clock,
)
from portavoce.sla.recomputing import TOPIC as CLOCKS

LAST_WRITERS = (write_facts,)


def reactions(keys: ThreadKeys) -> Reactions:
    return {
        brands.BrandNamed: [learn_name],
        brands.EndpointWritten: [learn_endpoint],
        email.MailboxWritten: [learn_signature],
        conversation.InteractionOpened: [start_clock],
        conversation.InteractionClosed: [need_no_answer],
        conversation.InteractionReopened: [wind_up_clock],
        conversation.MessageQueued: [address_and_enqueue(keys)],
        conversation.FirstResponded: [stop_clock],
        back_office.ClientAsked: [start_clients_clock],
        approvals.ApprovalAsked: [start_approvers_clock],
        calendars.CalendarPublished: [move_open_clocks],
        recognising.CodeAsked: [enqueue_code],
        customer.ProfileChanged: [enter_profile, show_anew],
        customer.ProfilesChanged: [enter_profiles, show_all_anew],
        customer.CustomersMerged: [follow],
        customer.MergeUndone: [come_back, part_threads, tell_unlinked],
    }


def handlers(settings: Settings, clock: Clock) -> Mapping[str, Handler]:
    relay = relay_from(settings)
    postman = Postman(relay, thread_keys(settings), deployment(settings), clock)
    codes = CodePostman(relay, code_keys(settings), deployment(settings), clock)
    importer = Importer(Storage(settings.files_dir), Progress(settings.redis_url))
    maker = PartMaker(Storage(settings.files_dir))
    return {
        EMAIL: Handler(postman.deliver, postman.give_up, postman.doubt),
        CODES: Handler(codes.deliver, codes.give_up),
        BULK: Handler(carrying.deliver, carrying.give_up),
        CUSTOMERS: Handler(importer.deliver, importer.give_up),
        CLOCKS: Handler(clocks.move_all, clocks.give_up),
        PARTS: Handler(maker.deliver, maker.give_up),
    }


def thread_keys(settings: Settings) -> ThreadKeys:
    """Key `a` signs; a key `b` beside it in the secrets folder verifies while keys are being exchanged."""
    known = [kid for kid in "ab" if kid == "a" or (settings.secrets_dir / f"thread-{kid}").exists()]
    return ThreadKeys("a", {kid: secret(settings.secrets_dir, f"thread-{kid}") for kid in known})


def code_keys(settings: Settings) -> CodeKeys:
    """Makes the one-time codes that customers read to an agent; no key of its own, so that no backup can lack it."""
    return CodeKeys(sha256(b"one-time codes" + secret(settings.secrets_dir, "thread-a")).digest())


def check_keys(settings: Settings) -> CheckKeys:
    """Signs test mails of ours to our own addresses."""
    return CheckKeys(secret(settings.secrets_dir, "checks"))


def deployment(settings: Settings) -> str:
    """This installation's mark on its own mail."""
    return sha256(b"deployment" + secret(settings.secrets_dir, "thread-a")).hexdigest()[:16]


def open_database(
    settings: Settings,
    *,
    clock: Clock | None = None,
    publish: Publish | None = None,
    urls: Mapping[str, str] | None = None,
    patience: Patience = ERRAND,
) -> Database:
    """The database as every process sees it. `publish` sends pokes after commit; `patience` is the process's."""
    database = Database(
        urls or process_urls(settings),
        clock or SystemClock(),
        reactions=reactions(thread_keys(settings)),
        last_writers=LAST_WRITERS,
        patience=patience,
    )
    if publish is not None:
        database.publish = publish
    return database
