"""Templates: one Jinja environment per language, so that macros know the reader's words without being told.

`Templates` lives in `app.state.templates`; pages and SSE fragments are rendered by the same `render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portavoce.web import charts
from portavoce.web.clocks import Icon, make_clocked, make_sla
from portavoce.web.formats import Formats, epoch_ms, mmss, whole_seconds
from portavoce.web.i18n import Words, load_words
from portavoce.web.look import script_words
from portavoce.web.remembering import once
from portavoce.web.static import StaticUrl, make_static_url

FILTERS = ("number", "euro", "percent", "moment", "day", "clock", "month", "spoken")


class Templates:
    """Renders `frontend/templates/<name>` in a language."""

    def __init__(self, words: Mapping[str, Words], environments: Mapping[str, Environment]) -> None:
        self.words = words
        self._environments = environments

    def render(self, name: str, *, locale: str, **context: Any) -> str:
        """The template as text. A name missing from the context raises jinja2.UndefinedError."""
        return self._environments[locale].get_template(name).render(context)

    def source_names(self) -> list[str]:
        return self._environments["en"].list_templates()


@cache
def make_templates(frontend: Path) -> Templates:
    """One for all applications of a process: templates are compiled when they are used first, and do not change."""
    words = load_words(frontend / "locale")
    static_url = make_static_url(frontend / "static")
    return Templates(
        words, {name: make_environment(frontend, entry, static_url) for name, entry in words.items()}
    )


def make_environment(frontend: Path, words: Words, static_url: StaticUrl) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(frontend / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    icon = _icon_maker(static_url("sprite.svg"))
    _install_words(environment, words)
    _install_formats(environment, Formats(words), icon)
    environment.globals.update(
        locale=words.locale,
        static_url=static_url,
        icon=icon,
        once=once,
        script_words=script_words(words),
        hbars=charts.hbars,
        line_chart=charts.line,
        new_key=uuid4,
    )
    return environment


def _install_words(environment: Environment, words: Words) -> None:
    install = environment.install_gettext_callables  # type: ignore[attr-defined]  # -- added by the i18n extension
    install(words.lookup, words.lookup_plural, newstyle=True)
    environment.filters["translated"] = words.gettext


def _install_formats(environment: Environment, formats: Formats, icon: Icon) -> None:
    environment.filters.update({name: getattr(formats, name) for name in FILTERS})
    environment.filters.update(mmss=mmss, epoch_ms=epoch_ms, seconds=whole_seconds)
    sla = make_sla(formats, icon)
    environment.globals.update(sla=sla, clocked=make_clocked(sla))


def _icon_maker(sprite: str) -> Icon:
    @lru_cache(maxsize=1_024)
    def icon(name: str, size: str = "", label: str = "", css: str = "") -> Markup:
        """A glyph of the sprite; `size` is sm or lg, `label` is for the rare icon without words beside it."""
        names = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        classes = " ".join(part for part in ("i", f"i--{size}" if size else "", css) if part)
        return Markup('<svg class="{}" {}><use href="{}#i-{}"/></svg>').format(classes, names, sprite, name)

    return icon
