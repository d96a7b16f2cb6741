"""What the client's people do for their brand, each role its own pages."""

from portavoce.web.portal.approvals import APPROVALS_OF_THE_CLIENT
from portavoce.web.portal.counter import COUNTER_OF_THE_CLERK
from portavoce.web.portal.layouts import LayoutController
from portavoce.web.portal.leads import LEADS_OF_THE_CLIENT
from portavoce.web.portal.relief import RELIEF_OF_THE_CLIENT
from portavoce.web.portal.requests import REQUESTS_OF_THE_CLIENT
from portavoce.web.portal.schedules import ScheduleController
from portavoce.web.portal.tasks import TASKS_OF_THE_CLIENT
from portavoce.web.portal.tokens import TokenController

WORK_OF_THE_CLIENT = (
    *REQUESTS_OF_THE_CLIENT,
    *APPROVALS_OF_THE_CLIENT,
    *RELIEF_OF_THE_CLIENT,
    *LEADS_OF_THE_CLIENT,
    *COUNTER_OF_THE_CLERK,
    TokenController,
    ScheduleController,
    LayoutController,
    *TASKS_OF_THE_CLIENT,
)
