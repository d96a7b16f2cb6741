"""Administration: clients, brands, people, and what an operator sees and bounds. Closed to whoever administers nothing."""

from litestar import Router

from portavoce.web.access import administers, provide_actor
from portavoce.web.admin.addresses import AddressController
from portavoce.web.admin.attributes import ATTRIBUTES
from portavoce.web.admin.back_office import CLIENTS_PEOPLE
from portavoce.web.admin.brands import BrandController
from portavoce.web.admin.calendars import CalendarController
from portavoce.web.admin.clients import ClientController
from portavoce.web.admin.contract import ContractController, DraftController
from portavoce.web.admin.contract_clauses import CLAUSES
from portavoce.web.admin.contract_presets import PresetController
from portavoce.web.admin.contract_publication import PublicationController
from portavoce.web.admin.customer_export import CustomerExportController
from portavoce.web.admin.customer_imports import IMPORTS
from portavoce.web.admin.denials import DenialController
from portavoce.web.admin.guard import GUARD
from portavoce.web.admin.home import AdminHomeController
from portavoce.web.admin.limits import LimitController
from portavoce.web.admin.mail_health import MAIL_HEALTH
from portavoce.web.admin.moves import MoveController
from portavoce.web.admin.people import DisablementController, InvitationController, PersonController
from portavoce.web.admin.quarantine import QuarantineController
from portavoce.web.admin.retention import RetentionController
from portavoce.web.admin.roles import RevocationController, RoleController
from portavoce.web.admin.sent import SentController
from portavoce.web.admin.shops import SHOPS
from portavoce.web.admin.snippets import SnippetController, SnippetRemovalController
from portavoce.web.admin.tasks import TASKS
from portavoce.web.admin.undelivered import UNDELIVERED
from portavoce.web.admin.wrap_up import WRAP_UP

admin_router = Router(
    path="/",
    guards=[administers],
    dependencies={"actor": provide_actor},
    route_handlers=[
        AdminHomeController,
        ClientController,
        BrandController,
        AddressController,
        CalendarController,
        QuarantineController,
        *MAIL_HEALTH,
        LimitController,
        *GUARD,
        *ATTRIBUTES,
        ContractController,
        DraftController,
        *CLAUSES,
        PresetController,
        PublicationController,
        *CLIENTS_PEOPLE,
        *SHOPS,
        *TASKS,
        *WRAP_UP,
        CustomerExportController,
        *IMPORTS,
        SnippetController,
        SnippetRemovalController,
        *UNDELIVERED,
        RetentionController,
        PersonController,
        InvitationController,
        DisablementController,
        RoleController,
        RevocationController,
        MoveController,
        DenialController,
        SentController,
    ],
)
