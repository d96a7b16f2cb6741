"""A small application that wears what every surface wears, without a database."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient
from litestar.types import ControllerRouterHandler

from portavoce.core.paths import frontend_dir
from portavoce.web.cookies import cookies_for
from portavoce.web.errors import error_handlers
from portavoce.web.observing import observe
from portavoce.web.security import security_headers
from portavoce.web.static import static_handler
from portavoce.web.templating import Templates


def client(
    handlers: Sequence[ControllerRouterHandler], templates: Templates, *, https: bool = False
) -> TestClient[Litestar]:
    app = Litestar(
        [*handlers, static_handler(frontend_dir() / "static")],
        state=State({"templates": templates, "cookies": cookies_for(https=https)}),
        before_send=[security_headers(https=https)],
        exception_handlers=error_handlers(),
        openapi_config=None,
    )
    return TestClient(observe(app))
