"""The web application: surfaces, what guards them, and what they share. One screen."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Litestar, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import State

from portavoce.channels.email.relays import stays_here
from portavoce.core.config import Settings, load_settings
from portavoce.core.db import Database
from portavoce.core.logs import configure_logs
from portavoce.core.looking import Lookers
from portavoce.core.paths import frontend_dir
from portavoce.core.patience import WEB
from portavoce.core.progress import Progress
from portavoce.core.secrets import secret
from portavoce.core.storage import Storage
from portavoce.identity.mails import House
from portavoce.identity.passwords import Passwords
from portavoce.web.access import signed_in
from portavoce.web.address import allowed_hosts, trusted_networks
from portavoce.web.admin import admin_router
from portavoce.web.admin.commentary import commentary_router
from portavoce.web.api import api_router
from portavoce.web.cookies import cookies_for
from portavoce.web.csrf import require_csrf
from portavoce.web.denials import record_denial
from portavoce.web.desk import desk_router
from portavoce.web.desk.streaming import desk_streams
from portavoce.web.draining import close_connections, draining
from portavoce.web.errors import error_handlers
from portavoce.web.health import Probe
from portavoce.web.observing import numbers, observe
from portavoce.web.open import open_router, own_router
from portavoce.web.portal import portal_router
from portavoce.web.probes import production_probes
from portavoce.web.security import security_headers
from portavoce.web.static import static_handler
from portavoce.web.supervisor import supervisor_router
from portavoce.web.templating import make_templates
from portavoce.wiring import check_keys, code_keys, open_database

MAX_BODY = 2 * 1024 * 1024


def create_app(
    settings: Settings,
    database: Database,
    *,
    passwords: Passwords | None = None,
    probes: Mapping[str, Probe] | None = None,
) -> Litestar:
    """`probes` are what readiness asks beside the database. Everything but the open router needs a live session,
    the API a token instead.
    """
    https = settings.base_url.startswith("https:")
    closed = Router(
        path="/",
        guards=[signed_in],
        route_handlers=[
            own_router,
            desk_router,
            supervisor_router,
            portal_router,
            admin_router,
            commentary_router,
        ],
    )
    app = Litestar(
        route_handlers=[open_router, api_router, closed, static_handler(frontend_dir() / "static")],
        guards=[require_csrf],
        allowed_hosts=AllowedHostsConfig(allowed_hosts=allowed_hosts(settings), exclude=["^/health/"]),
        exception_handlers=error_handlers(),
        after_exception=[record_denial],
        before_send=[security_headers(https=https), close_connections],
        lifespan=[desk_streams, numbers, draining],
        on_shutdown=[database.close],
        openapi_config=None,
        request_max_body_size=MAX_BODY,
        logging_config=None,
        state=what_handlers_share(settings, database, passwords=passwords, probes=probes),
    )
    return observe(app)


def what_handlers_share(
    settings: Settings,
    database: Database,
    *,
    passwords: Passwords | None = None,
    probes: Mapping[str, Probe] | None = None,
) -> State:
    return State(
        {
            "settings": settings,
            "database": database,
            "templates": make_templates(frontend_dir()),
            "storage": Storage(settings.files_dir),
            "passwords": passwords or Passwords(),
            "probes": probes or {},
            "house": House(settings.provider_name, settings.base_url),
            "cookies": cookies_for(https=settings.base_url.startswith("https:")),
            "csrf_key": secret(settings.secrets_dir, "csrf"),
            "trusted_proxies": trusted_networks(settings.trusted_proxies),
            "relay": "" if stays_here(settings) else settings.relay_url,
            "sent_dir": settings.sent_dir,
            "check_keys": check_keys(settings),
            "code_keys": code_keys(settings),
            "lookers": Lookers(settings.redis_url, database.clock),
            "progress": Progress(settings.redis_url),
        }
    )


def production_app() -> Litestar:
    """What granian asks for in each worker process."""
    settings = load_settings()
    configure_logs("serve", settings.log_level)
    return create_app(settings, open_database(settings, patience=WEB), probes=production_probes(settings))
