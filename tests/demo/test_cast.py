"""The cast is consistent and reaches nobody real."""

from __future__ import annotations

import pytest

from portavoce.demo import cast
from portavoce.identity.passwords import check_password


def _addresses() -> list[str]:
    parties = [cast.ADMIN, *cast.SUPERVISORS, *(party for team in cast.TEAMS for party in team.people)]
    return [
        *(party.email for party in parties),
        *(operator.email for operator in cast.OPERATORS),
        *(box.address for team in cast.TEAMS for box in team.boxes),
    ]


def test_every_address_is_of_a_reserved_domain_and_used_once() -> None:
    addresses = _addresses()
    assert all(address.endswith(".example") for address in addresses)
    assert all(host.endswith(".example") for host in cast.MAIL_HOSTS)
    assert len(set(addresses)) == len(addresses)


def test_the_password_is_one_the_house_accepts() -> None:
    for address in _addresses():
        check_password(cast.PASSWORD, email=address)


@pytest.mark.parametrize("team", cast.TEAMS, ids=lambda team: team.slug)
def test_every_brand_has_several_agents(team: cast.Team) -> None:
    assert len([each for each in cast.OPERATORS if team.slug in each.brands]) >= 3


def test_the_shares_make_a_hundred() -> None:
    assert sum(team.share for team in cast.TEAMS) == 100


def test_a_brand_is_found_by_its_slug() -> None:
    assert cast.team("velia").name == "Velia"
    with pytest.raises(KeyError):
        cast.team("aurora")
