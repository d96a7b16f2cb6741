"""The client's portal: one brand's figures by month, each number open to its contacts. Reads only, as `report`;
what its back office is asked it also answers, and its approvers decide about replies.
"""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from portavoce.web.access import provide_actor, provide_portal_brand, signed_in
from portavoce.web.portal.reading import provide_reading, provide_report_db
from portavoce.web.portal.report import REPORT_OF_THE_CLIENT
from portavoce.web.portal.work import WORK_OF_THE_CLIENT

portal_router = Router(
    "/portal",
    route_handlers=[
        *REPORT_OF_THE_CLIENT,
        *WORK_OF_THE_CLIENT,
    ],
    guards=[signed_in],
    dependencies={
        "actor": Provide(provide_actor),
        "granted": Provide(provide_portal_brand),
        "db": Provide(provide_report_db),
        "reading": Provide(provide_reading),
    },
)
