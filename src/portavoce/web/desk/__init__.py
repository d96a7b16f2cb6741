"""The agent's desk: one queue over the brands, one open contact, answered as its brand."""

from litestar import Router
from litestar.di import Provide

from portavoce.web.access import provide_actor, signed_in
from portavoce.web.desk.amendments import AmendmentController
from portavoce.web.desk.aside import AsideController
from portavoce.web.desk.bulk import BULK_ACTIONS
from portavoce.web.desk.cases import CaseController
from portavoce.web.desk.channels import CHANNELS
from portavoce.web.desk.claims import ClaimController, ReleaseController
from portavoce.web.desk.closures import ClosureController, ReopeningController
from portavoce.web.desk.complaints import ComplaintController
from portavoce.web.desk.customers import CUSTOMERS
from portavoce.web.desk.drafts import DraftController
from portavoce.web.desk.files import AttachmentController, FrameController, PagesController, TextController
from portavoce.web.desk.focus import FocusController
from portavoce.web.desk.guard import CheckController
from portavoce.web.desk.histories import EarlierController, OlderController
from portavoce.web.desk.insertions import InsertionController
from portavoce.web.desk.interactions import DeskController, InteractionController
from portavoce.web.desk.leads import LeadController
from portavoce.web.desk.me import at_desk
from portavoce.web.desk.mentions import MentionController
from portavoce.web.desk.mergers import MergerController
from portavoce.web.desk.merges import MERGES
from portavoce.web.desk.messages import (
    MessageController,
    NoteController,
    ResendingController,
    WithdrawalController,
)
from portavoce.web.desk.next import NextController
from portavoce.web.desk.palette import PaletteController
from portavoce.web.desk.promises import PROMISES
from portavoce.web.desk.queues import QueueController
from portavoce.web.desk.reasons import ReasonController
from portavoce.web.desk.search import SearchController
from portavoce.web.desk.separations import SEPARATIONS
from portavoce.web.desk.signs import SignController, hear
from portavoce.web.desk.splits import SplitController
from portavoce.web.desk.states import StateController
from portavoce.web.desk.streams import StreamController
from portavoce.web.desk.transfers import RecallController, TransferController
from portavoce.web.desk.visits import VisitController
from portavoce.web.desk.who import WhoController

desk_router = Router(
    "/",
    guards=[signed_in, at_desk, hear],
    dependencies={"actor": Provide(provide_actor)},
    route_handlers=[
        DeskController,
        StateController,
        SignController,
        StreamController,
        QueueController,
        NextController,
        InteractionController,
        OlderController,
        EarlierController,
        ClaimController,
        ReleaseController,
        MessageController,
        CheckController,
        NoteController,
        ResendingController,
        WithdrawalController,
        DraftController,
        AsideController,
        TransferController,
        RecallController,
        ClosureController,
        ReopeningController,
        AmendmentController,
        ReasonController,
        CaseController,
        FocusController,
        FrameController,
        AttachmentController,
        PagesController,
        TextController,
        *PROMISES,
        LeadController,
        VisitController,
        MentionController,
        ComplaintController,
        *CUSTOMERS,
        *MERGES,
        *BULK_ACTIONS,
        MergerController,
        SplitController,
        *CHANNELS,
        *SEPARATIONS,
        WhoController,
        InsertionController,
        SearchController,
        PaletteController,
    ],
)
