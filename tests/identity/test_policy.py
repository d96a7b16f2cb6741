"""Which roles fit which employer."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.identity.errors import WrongRole
from portavoce.identity.models import CLIENT_ROLES, PROVIDER_ROLES, ROLES
from portavoce.identity.policy import check_role, roles_of_employer

AURORA, BOSCO = UUID(int=1), UUID(int=2)


def test_each_role_belongs_to_the_provider_or_to_clients() -> None:
    assert roles_of_employer(None) | roles_of_employer(AURORA) == set(ROLES)
    assert not PROVIDER_ROLES & CLIENT_ROLES


@pytest.mark.parametrize("role", ROLES)
def test_a_role_fits_one_kind_of_employer(role: str) -> None:
    employer, stranger = (None, AURORA) if role in PROVIDER_ROLES else (AURORA, None)
    assert role in roles_of_employer(employer)
    check_role(role, employer, AURORA)
    with pytest.raises(WrongRole):
        check_role(role, stranger, AURORA)


@pytest.mark.parametrize("role", sorted(CLIENT_ROLES))
def test_a_clients_person_looks_at_that_clients_brands(role: str) -> None:
    with pytest.raises(WrongRole):
        check_role(role, AURORA, BOSCO)
