"""Which roles a person may hold: the provider's people work for brands, a client's people look at their own."""

from __future__ import annotations

from uuid import UUID

from portavoce.identity.errors import WrongRole
from portavoce.identity.models import CLIENT_ROLES, PROVIDER_ROLES


def roles_of_employer(client_id: UUID | None) -> frozenset[str]:
    return PROVIDER_ROLES if client_id is None else CLIENT_ROLES


def check_role(role: str, employer: UUID | None, brands_client: UUID | None) -> None:
    """Raises WrongRole for a provider's role given to a client's person, the other way round, or another client's brand."""
    if role not in roles_of_employer(employer):
        raise WrongRole("A person of this company may not hold this role.", role="employer")
    if employer is not None and brands_client != employer:
        raise WrongRole("This brand belongs to another company.", brand="client")
