from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from jinja2 import Environment

from portavoce.channels.email.tokens import ThreadKeys
from portavoce.core.db import Database
from portavoce.core.paths import frontend_dir
from portavoce.web import assets
from portavoce.web.i18n import load_words
from portavoce.web.static import make_static_url
from portavoce.web.templating import Templates, make_environment, make_templates
from portavoce.wiring import LAST_WRITERS, reactions
from tests.web.browsing import Browser, Site, lent_site


@pytest.fixture(scope="session")
def templates() -> Templates:
    assets.build(frontend_dir())
    return make_templates(frontend_dir())


@pytest.fixture(scope="session")
def environment(templates: Templates) -> Environment:
    """The English environment, for snippets that use the shared macros."""
    static_url = make_static_url(frontend_dir() / "static")
    return make_environment(frontend_dir(), load_words(frontend_dir() / "locale")["en"], static_url)


@pytest.fixture
def the_site(make_database: Callable[..., Database], tmp_path: Path, templates: Templates) -> Iterator[Site]:
    """The application over the session's database, with a home of its own."""
    keys = ThreadKeys("a", {"a": b"k" * 32})
    with lent_site(make_database(reactions=reactions(keys), last_writers=LAST_WRITERS), tmp_path) as lent:
        yield lent


@pytest_asyncio.fixture
async def browser(the_site: Site) -> AsyncIterator[Browser]:
    async with the_site.browser() as one:
        yield one
