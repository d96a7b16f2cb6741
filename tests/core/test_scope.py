from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any
from uuid import UUID, uuid4

import pytest

from portavoce.core.errors import WallError
from portavoce.core.scope import HOUSE, Scope

AURORA, BOSCO = UUID(int=1), UUID(int=2)


def test_a_scope_becomes_literal_set_local_statements() -> None:
    assert Scope(frozenset({BOSCO, AURORA}), AURORA).statements() == (
        f"SET LOCAL app.brand_ids = '{AURORA},{BOSCO}'; SET LOCAL app.brand_id = '{AURORA}'"
    )


def test_a_reading_scope_writes_nowhere() -> None:
    assert Scope.reading([AURORA, BOSCO]).statements().endswith("SET LOCAL app.brand_id = ''")


def test_the_house_names_no_brand() -> None:
    assert HOUSE.statements() == "SET LOCAL app.brand_ids = ''; SET LOCAL app.brand_id = ''"


def test_the_written_brand_must_be_readable() -> None:
    with pytest.raises(WallError, match="readable"):
        Scope(frozenset({AURORA}), BOSCO)


@pytest.mark.parametrize("brand", [str(AURORA), "'; DROP TABLE pv.brand; --", 7, None])
def test_only_uuid_objects_make_a_scope(brand: Any) -> None:
    with pytest.raises(WallError, match="UUID"):
        Scope.reading([brand])


@pytest.mark.parametrize("read", [{AURORA}, [AURORA], (AURORA,)])
def test_a_scope_cannot_be_widened_through_the_set_it_was_made_of(read: Any) -> None:
    with pytest.raises(WallError, match="frozenset"):
        Scope(read)


def test_a_uuid_that_prints_itself_as_sql_is_refused() -> None:
    class Sly(UUID):
        def __str__(self) -> str:
            return "' OR true; --"

    with pytest.raises(WallError, match="UUID"):
        Scope.reading([Sly(int=1)])


def test_a_scope_is_frozen() -> None:
    scope: Any = Scope.writing(uuid4())
    with pytest.raises(FrozenInstanceError):
        scope.write = AURORA
