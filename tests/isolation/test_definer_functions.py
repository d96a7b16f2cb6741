"""The definer functions: what the look-ups before a scope tell, to whom, whatever the scope; and search, within it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from portavoce.brands.models import Endpoint
from portavoce.brands.signals import learn
from portavoce.core.db import APP, DISPATCH, REPORT, ROUTER, Database
from portavoce.core.unit import new_id, now
from portavoce.core.walls import BACKUP
from portavoce.identity.models import AccessGrant, Person
from portavoce.search.entering import enter
from portavoce.search.vectors import question, vector
from tests.database import Installation
from tests.minting import Minted, mint_brand

SCOPES = ("unset", "empty", "own", "foreign")


@pytest_asyncio.fixture
async def aurora(database: Database) -> Minted:
    return await mint_brand(database, "Aurora")


@pytest_asyncio.fixture
async def bosco(database: Database, aurora: Minted) -> Minted:
    return await mint_brand(database, "Bosco", client_id=aurora.client_id)


@contextmanager
def scoped(installation: Installation, role: str, scope: str, own: UUID) -> Iterator[psycopg.Connection[Any]]:
    """A transaction of `role` whose scope is unset, '', the brand, or another brand."""
    value = {"empty": "", "own": str(own), "foreign": str(uuid4())}.get(scope)
    with psycopg.connect(installation.dsn(role)) as connection:
        if value is not None:
            for name in ("app.brand_ids", "app.brand_id"):
                connection.execute(
                    sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(*name.split(".")), sql.Literal(value))
                )
        yield connection


@pytest.mark.parametrize("scope", SCOPES)
async def test_resolve_finds_the_brand_of_an_address_under_any_scope(
    database: Database, installation: Installation, aurora: Minted, scope: str
) -> None:
    address = f"{aurora.slug}@aurora.example"
    async with database.begin(aurora.writing) as db:
        db.add(Endpoint(id=new_id(db), kind="email", value=address, brand_id=aurora.id, created_at=now(db)))
    with scoped(installation, APP, scope, aurora.id) as connection:
        query = "SELECT brand_id FROM pv.resolve(%s, %s)"
        assert connection.execute(query, ["email", address]).fetchall() == [(aurora.id,)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    "asked", [("email", "nobody@aurora.example"), ("email", None), (None, None), ("email", "%")]
)
async def test_resolve_knows_nothing_of_an_unknown_address(
    installation: Installation, aurora: Minted, scope: str, asked: tuple[str | None, str | None]
) -> None:
    with scoped(installation, APP, scope, aurora.id) as connection:
        assert connection.execute("SELECT * FROM pv.resolve(%s, %s)", asked).fetchall() == []


@pytest.mark.parametrize("scope", SCOPES)
async def test_grants_of_names_the_brands_of_exactly_these_people(
    database: Database, installation: Installation, aurora: Minted, bosco: Minted, scope: str
) -> None:
    bruno, carla = await _people(database, aurora)
    with scoped(installation, APP, scope, bosco.id) as connection:
        query = "SELECT brand_id, role FROM pv.grants_of(%s)"
        assert connection.execute(query, [[bruno]]).fetchall() == [(aurora.id, "agent")]
        of_client = connection.execute(query, [[carla]]).fetchall()
    assert sorted(of_client) == sorted([(aurora.id, "client_viewer"), (bosco.id, "client_viewer")])


@pytest.mark.parametrize("people", [[], [uuid4()], None, [None]])
async def test_grants_of_nobody_are_none(
    database: Database, installation: Installation, aurora: Minted, people: list[UUID] | None
) -> None:
    await _people(database, aurora)
    with scoped(installation, APP, "own", aurora.id) as connection:
        assert connection.execute("SELECT * FROM pv.grants_of(%s::uuid[])", [people]).fetchall() == []


async def test_a_revoked_grant_is_gone(
    database: Database, installation: Installation, aurora: Minted
) -> None:
    bruno, _carla = await _people(database, aurora, revoked=True)
    with scoped(installation, APP, "unset", aurora.id) as connection:
        assert connection.execute("SELECT * FROM pv.grants_of(%s)", [[bruno]]).fetchall() == []


@pytest.mark.parametrize("scope", SCOPES)
async def test_brand_ids_lists_every_brand_for_the_dispatcher(
    installation: Installation, aurora: Minted, bosco: Minted, scope: str
) -> None:
    with scoped(installation, DISPATCH, scope, aurora.id) as connection:
        found = {brand for (brand,) in connection.execute("SELECT pv.brand_ids()")}
    assert {aurora.id, bosco.id} <= found


FOUND = "SELECT subject_id FROM pv.search(%s, %s::tsquery, %s, %s)"


@pytest_asyncio.fixture
async def entered(database: Database, aurora: Minted, bosco: Minted) -> dict[UUID, UUID]:
    """One customer of each brand with the same name, by brand."""
    made = {}
    for brand in (aurora, bosco):
        async with database.begin(brand.writing) as db:
            made[brand.id] = new_id(db)
            enter(db, "customer", made[brand.id], now(db), vector(brand.id, ["Gina Verdi"]))
    return made


@pytest.mark.parametrize("scope", SCOPES)
async def test_search_tells_of_a_brand_inside_the_scope_alone(
    installation: Installation, aurora: Minted, entered: dict[UUID, UUID], scope: str
) -> None:
    with scoped(installation, APP, scope, aurora.id) as connection:
        found = connection.execute(
            FOUND, [aurora.id, question(aurora.id, "gina"), ["customer"], 10]
        ).fetchall()
    assert found == ([(entered[aurora.id],)] if scope == "own" else [])


async def test_search_tells_nothing_of_another_brand_whatever_it_is_asked(
    installation: Installation, aurora: Minted, bosco: Minted, entered: dict[UUID, UUID]
) -> None:
    """The other brand's id, its own lexemes, or both: the function compares the row's brand and the scope."""
    with scoped(installation, APP, "own", aurora.id) as connection:
        for brand in (aurora.id, bosco.id, None):
            for lexemes in (aurora.id, bosco.id):
                asked = [brand, question(lexemes, "gina"), ["customer"], 10]
                found = connection.execute(FOUND, asked).fetchall()
                own = brand == lexemes == aurora.id
                assert found == ([(entered[aurora.id],)] if own else [])


@pytest.mark.parametrize(
    "asked", [("", ["customer"], 10), (None, ["customer"], 10), ("gina", [], 10), ("gina", None, 10), ("gina", ["customer"], 0)]
)  # fmt: skip
async def test_search_for_nothing_finds_nothing(
    installation: Installation, aurora: Minted, entered: dict[UUID, UUID], asked: tuple[str | None, Any, int]
) -> None:
    text, kinds, at_most = asked
    wanted = None if text is None else question(aurora.id, text)
    with scoped(installation, APP, "own", aurora.id) as connection:
        assert connection.execute(FOUND, [aurora.id, wanted, kinds, at_most]).fetchall() == []


CALLS: tuple[LiteralString, ...] = (
    "SELECT * FROM pv.resolve('email', 'x')", "SELECT * FROM pv.grants_of('{}')",
    "SELECT * FROM pv.search(NULL, '', '{}', 1)", "SELECT * FROM pv.signals_among(NULL, '{}')",
    "SELECT pv.brand_ids()", "SELECT pv.brands_behind()",
)  # fmt: skip
MAY = {APP: CALLS[:4], DISPATCH: CALLS[4:]}


@pytest.mark.parametrize("role", [APP, REPORT, ROUTER, DISPATCH, BACKUP])
@pytest.mark.parametrize("call", CALLS)
async def test_only_the_named_callers_may_ask(
    installation: Installation, aurora: Minted, role: str, call: LiteralString
) -> None:
    with scoped(installation, role, "own", aurora.id) as connection:
        if call in MAY.get(role, ()):
            assert connection.execute(call).description
        else:
            with pytest.raises(InsufficientPrivilege):
                connection.execute(call)


@pytest.mark.parametrize("scope", SCOPES)
async def test_signals_among_tells_whose_a_mark_is_to_its_brand_and_to_nobody_else(
    database: Database, installation: Installation, aurora: Minted, bosco: Minted, scope: str
) -> None:
    """In a scope of Aurora alone Bosco's mark is somebody's; in any other scope nobody asks for Aurora."""
    keys = [f"word {aurora.slug}", f"word {bosco.slug}", "word nobodys", None]
    for brand in (aurora, bosco):
        async with database.begin(brand.writing) as db:
            await learn(db, "added", [(f"word {brand.slug}", brand.slug)])
            await learn(db, "allowed", [(f"word {brand.slug}", brand.slug)])
    with scoped(installation, APP, scope, aurora.id) as connection:
        found = connection.execute("SELECT * FROM pv.signals_among(%s, %s)", [aurora.id, keys]).fetchall()
    told = [(keys[0], aurora.id, "added"), (keys[0], aurora.id, "allowed"), (keys[1], None, None)]
    assert sorted(found, key=str) == (sorted(told, key=str) if scope == "own" else [])


async def _people(database: Database, aurora: Minted, *, revoked: bool = False) -> tuple[UUID, UUID]:
    """Bruno, agent of Aurora; Carla, viewer of everything its client owns."""
    async with database.begin(aurora.writing) as db:
        bruno, carla = new_id(db), new_id(db)
        for person, name in ((bruno, "Bruno"), (carla, "Carla")):
            db.add(Person(id=person, email=f"{person}@voxa.example", name=name, created_at=now(db)))
        await db.flush()
        ended = now(db) if revoked else None
        given: dict[str, Any] = {"granted_at": now(db), "revoked_at": ended}
        db.add(AccessGrant(id=new_id(db), person_id=bruno, role="agent", brand_id=aurora.id, **given))
        db.add(
            AccessGrant(
                id=new_id(db), person_id=carla, role="client_viewer", client_id=aurora.client_id, **given
            )
        )
    return bruno, carla
