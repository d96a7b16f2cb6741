"""Roles: their attributes, memberships, settings, and what they own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from portavoce.core.walls import APP, BACKUP, DEFINER, DISPATCH, OWNER, REPORT, ROLES, ROUTER
from tests.isolation.catalog_objects import FUNCTIONS
from tests.isolation.declared import rows

Conn = psycopg.Connection[Any]
TIMEOUTS = ["idle_in_transaction_session_timeout=60s", "statement_timeout=30s"]
SETTINGS = {
    APP: TIMEOUTS,
    REPORT: ["default_transaction_read_only=on", *TIMEOUTS],
    ROUTER: TIMEOUTS,
    DISPATCH: TIMEOUTS,
}
MEMBERSHIP = (OWNER, DEFINER)


def roles_have_no_powers(conn: Conn) -> Iterator[str]:
    found = {row.name: row for row in rows(conn, ROLE_QUERY)}
    yield from (f"role {name} is not declared" for name in found.keys() - set(ROLES))
    yield from (f"role {name} is missing" for name in set(ROLES) - found.keys())
    for name, role in found.items():
        if role.superuser:
            yield f"role {name} is a superuser"
        if role.bypass != (name == BACKUP):
            yield f"role {name} {'bypasses row security' if role.bypass else 'cannot read everything'}"
        if role.inherits:
            yield f"role {name} inherits the rights of roles it is a member of"
        if role.creates:
            yield f"role {name} may create roles or databases, or replicate"
        if not role.login:
            yield f"role {name} cannot log in, which Citus needs"


ROLE_QUERY = """
SELECT rolname AS name, rolsuper AS superuser, rolbypassrls AS bypass, rolinherit AS inherits, rolcanlogin AS login,
       rolcreaterole OR rolcreatedb OR rolreplication AS creates
  FROM pg_roles WHERE rolname LIKE 'portavoce%' ORDER BY 1
"""


def memberships_are_the_declared_ones(conn: Conn) -> Iterator[str]:
    found = {(row.member, row.role): row for row in rows(conn, MEMBER_QUERY)}
    if MEMBERSHIP not in found:
        yield f"role {OWNER} cannot hand functions over to {DEFINER}"
    for (member, role), row in found.items():
        if (member, role) != MEMBERSHIP:
            yield f"role {member} is a member of {role}"
        elif row.inherits or row.admin or not row.may_set:
            yield f"role {member} may do more in {role} than SET ROLE"


MEMBER_QUERY = """
SELECT pg_get_userbyid(member)::text AS member, pg_get_userbyid(roleid)::text AS role,
       bool_or(inherit_option) AS inherits, bool_or(admin_option) AS admin, bool_or(set_option) AS may_set
  FROM pg_auth_members
 WHERE pg_get_userbyid(member) LIKE 'portavoce%' OR pg_get_userbyid(roleid) LIKE 'portavoce%' GROUP BY 1, 2
"""


def roles_own_nothing(conn: Conn) -> Iterator[str]:
    handed_over = {name for name, function in FUNCTIONS.items() if function.owner == DEFINER}
    for row in rows(conn, OWNER_QUERY):
        if row.role == OWNER or (row.role == DEFINER and row.name in handed_over):
            continue
        yield f"role {row.role} owns {row.kind} {row.name}"


OWNER_QUERY = """
SELECT pg_get_userbyid(s.refobjid)::text AS role, o.type AS kind,
       CASE s.classid WHEN 'pg_proc'::regclass THEN s.objid::regprocedure::text ELSE o.identity END AS name
  FROM pg_shdepend s
 CROSS JOIN LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) o
 WHERE s.deptype = 'o' AND s.refclassid = 'pg_authid'::regclass AND pg_get_userbyid(s.refobjid) LIKE 'portavoce%'
   AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def role_settings_are_the_declared_ones(conn: Conn) -> Iterator[str]:
    found = {row.role: row.settings for row in rows(conn, SETTING_QUERY)}
    for role in sorted(found.keys() | SETTINGS.keys()):
        if found.get(role) != SETTINGS.get(role):
            yield f"role {role} has the settings {found.get(role)}"


SETTING_QUERY = """
SELECT pg_get_userbyid(s.setrole)::text AS role, array_agg(x ORDER BY x) AS settings
  FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) x
 WHERE s.setrole = 0 OR pg_get_userbyid(s.setrole) LIKE 'portavoce%' GROUP BY 1
"""

RULES = (
    roles_have_no_powers,
    memberships_are_the_declared_ones,
    roles_own_nothing,
    role_settings_are_the_declared_ones,
)
