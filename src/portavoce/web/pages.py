"""What every page is given: look, CSRF token, and for signed-in people the places they may go to."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Response

from portavoce.web.access import ADMIN_ROLES, CLIENT_ROLES, DESK_ROLES, SUPERVISOR_ROLES, Actor
from portavoce.web.cookies import new_visitor, session_id_of, visitor_of
from portavoce.web.csrf import csrf_of
from portavoce.web.i18n import Words, locale_of, words_for
from portavoce.web.look import look_of
from portavoce.web.security import csrf_token

AnyRequest = Request[Any, Any, Any]
BRAND_CSS = "/brands.css"


class Face(msgspec.Struct, frozen=True):
    """A person as the avatar shows them."""

    name: str
    initials: str


def face(name: str) -> Face:
    words = name.split()
    return Face(name, "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper())


def render(request: AnyRequest, name: str, **context: Any) -> str:
    """A template in the reader's language with what `_base.html` and `_public.html` need."""
    shared = {
        "look": look_of(request),
        "csrf": csrf_of(request),
        "provider": request.app.state.house.provider,
    }
    text: str = request.app.state.templates.render(name, locale=locale_of(request), **{**shared, **context})
    return text


def shell(request: AnyRequest, actor: Actor, name: str, *, current: str = "", **context: Any) -> str:
    """A template in the provider's shell (`_app.html`); `current` is the place that is marked in the rail."""
    words = words_for(request)
    return render(
        request,
        name,
        home=home_of(actor),
        nav=_marked(places(actor, words), current),
        nav_foot=_marked([_place("/preferences", "settings", words.gettext("Preferences"))], current),
        brand_css=BRAND_CSS if actor.grants else "",
        person=face(actor.name),
        actor=actor,
        **context,
    )


def page(html: str, status: int = 200) -> Response[str]:
    return Response(html, status_code=status, media_type=MediaType.HTML)


def visitors_page(request: AnyRequest, name: str, **context: Any) -> Response[str]:
    """A page for whoever comes: a visitor without any cookie gets one, to which the page's CSRF token is tied."""
    if session_id_of(request) or visitor_of(request):
        return page(render(request, name, **context))
    value, visitor = new_visitor()
    token = csrf_token(request.app.state.csrf_key, visitor)
    answer = page(render(request, name, **{**context, "csrf": token}))
    cookies = request.app.state.cookies
    answer.set_cookie(cookies.make(cookies.visitor, value))
    return answer


def home_of(actor: Actor) -> str:
    """Where a person starts: at the work, at the figures, at the keys, or with nothing yet."""
    if actor.brands(DESK_ROLES):
        return "/desk"
    if actor.brands(CLIENT_ROLES):
        return "/portal"
    if actor.house_admin or actor.brands(ADMIN_ROLES):
        return "/admin"
    return "/preferences"


def places(actor: Actor, words: Words) -> list[dict[str, object]]:
    """The rail's links: only what the person may open."""
    _ = words.gettext
    found = []
    if actor.brands(DESK_ROLES):
        found.append(_place("/desk", "inbox", _("Desk")))
        found.append(_place("/desk/search", "search", _("Search")))
    if actor.brands(SUPERVISOR_ROLES):
        found.append(_place("/s", "flag", _("Supervision")))
    if actor.brands(CLIENT_ROLES):
        found.append(_place("/portal", "file-chart-column", _("Portal")))
    if actor.house_admin or actor.brands(ADMIN_ROLES):
        found.append(_place("/admin", "shield-check", _("Administration")))
        found.append(_place("/admin/brands", "tag", _("Brands")))
        found.append(_place("/admin/undelivered", "mail-x", _("Undelivered")))
    if actor.house_admin:
        found.append(_place("/admin/clients", "building-2", _("Clients")))
        found.append(_place("/admin/people", "users", _("People")))
        found.append(_place("/admin/denials", "shield-alert", _("Refused requests")))
    return found


def _place(href: str, icon: str, name: str) -> dict[str, object]:
    return {"href": href, "icon": icon, "name": name}


def _marked(links: list[dict[str, object]], current: str) -> list[dict[str, object]]:
    return [{**link, "current": link["href"] == current} for link in links]
