"""The supervisors' surface: what somebody who answers for brands at the provider reads and proposes, brand by brand."""

from litestar import Router

from portavoce.web.access import provide_actor, supervises
from portavoce.web.supervisor.brands import BrandController
from portavoce.web.supervisor.exports import ExportController
from portavoce.web.supervisor.relief import RELIEF
from portavoce.web.supervisor.reports import ReportController

supervisor_router = Router(
    path="/s",
    guards=[supervises],
    dependencies={"actor": provide_actor},
    route_handlers=[BrandController, ReportController, ExportController, *RELIEF],
)
