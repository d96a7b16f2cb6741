"""Policies and grants: exactly the canonical ones and the listed exceptions, for everybody, on everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from portavoce.core.walls import BACKUP, OWNER, ROLES, Grant, Policy
from tests.isolation.declared import TABLES, rows, rules_of

Conn = psycopg.Connection[Any]
POLICY_QUERY = """
SELECT c.relname AS table, p.polname AS name, p.polpermissive AS permissive,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                     ELSE 'ALL' END AS command,
       ARRAY(SELECT CASE o WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o)::text END
               FROM unnest(p.polroles) o ORDER BY 1) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY 1, 2
"""


def policies_are_the_canonical_ones(conn: Conn) -> Iterator[str]:
    found = {(row.table, row.name): row for row in rows(conn, POLICY_QUERY)}
    wanted = {
        (table, rule.name): rule for table in TABLES for rule in rules_of(table) if isinstance(rule, Policy)
    }
    yield from (f"policy {name} on {table} is not declared" for table, name in found.keys() - wanted.keys())
    yield from (f"policy {name} on {table} is missing" for table, name in wanted.keys() - found.keys())
    for key in sorted(found.keys() & wanted.keys()):
        yield from (f"policy {key[1]} {fault}" for fault in _faults(wanted[key], found[key]))


def _faults(wanted: Policy, found: Any) -> Iterator[str]:
    if not found.permissive:
        yield "is RESTRICTIVE, which Citus widens to everybody"
    if found.command != wanted.command:
        yield f"is for {found.command}"
    if found.roles != sorted(wanted.roles):
        yield f"is for the roles {', '.join(found.roles)}"
    if found.using != wanted.using:
        yield f"lets rows be seen USING {found.using}"
    if found.check != wanted.check:
        yield f"lets rows be written WITH CHECK {found.check}"


GRANT_QUERY = """
WITH granted AS (
  SELECT c.oid, c.relowner, ''::text AS column, acl.* FROM pg_class c
    CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) acl
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT c.oid, c.relowner, a.attname, acl.* FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    CROSS JOIN LATERAL aclexplode(a.attacl) acl
)
SELECT c.relname AS table, g.column, g.privilege_type AS privilege, g.is_grantable AS again,
       CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END AS role
  FROM granted g JOIN pg_class c ON c.oid = g.oid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN {schemas} AND g.grantee <> g.relowner ORDER BY 1, 2, 3, 5
"""


def grants_are_the_canonical_ones(conn: Conn) -> Iterator[str]:
    found = {(row.table, row.column, row.privilege, row.role): row.again for row in rows(conn, GRANT_QUERY)}
    wanted = {
        (table, column, rule.privilege, rule.role)
        for table in TABLES
        for rule in rules_of(table)
        if isinstance(rule, Grant)
        for column in rule.columns or ("",)
    }
    for table, column, privilege, role in sorted(found.keys() - wanted):
        yield f"{role} has {privilege} on {_target(table, column)}"
    for table, column, privilege, role in sorted(wanted - found.keys()):
        yield f"{role} lacks {privilege} on {_target(table, column)}"
    for table, column, privilege, role in (key for key, again in found.items() if again):
        yield f"{role} may hand on {privilege} on {_target(table, column)}"


def _target(table: str, column: str) -> str:
    return f"{table}.{column}" if column else table


def database_and_schemas_are_closed(conn: Conn) -> Iterator[str]:
    found = {(row.thing, row.privilege, row.role) for row in rows(conn, PLACE_QUERY)}
    wanted = {("the database", "CONNECT", role) for role in ROLES} | {("the database", "CREATE", OWNER)}
    wanted |= {("schema pv", "USAGE", role) for role in ROLES if role != OWNER}
    yield from (f"{role} has {privilege} on {thing}" for thing, privilege, role in sorted(found - wanted))
    yield from (f"{role} lacks {privilege} on {thing}" for thing, privilege, role in sorted(wanted - found))


PLACE_QUERY = """
SELECT 'the database' AS thing, acl.privilege_type AS privilege,
       CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee)::text END AS role
  FROM pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) acl
 WHERE d.datname = current_database() AND acl.grantee <> d.datdba
UNION ALL
SELECT format('schema %s', n.nspname), acl.privilege_type,
       CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee)::text END
  FROM pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) acl
 WHERE n.nspname NOT IN {schemas} AND acl.grantee <> n.nspowner
"""


def default_privileges_are_the_declared_ones(conn: Conn) -> Iterator[str]:
    wanted = {(OWNER, "", "f", OWNER, "EXECUTE"), (OWNER, "pv", "r", BACKUP, "SELECT")}
    found = {tuple(row) for row in rows(conn, DEFAULT_QUERY)}
    for maker, place, kind, role, privilege in sorted(found ^ wanted):
        yield f"default privilege of {maker} in schema '{place}': {privilege} on new {kind!r} for {role}"


DEFAULT_QUERY = """
SELECT pg_get_userbyid(d.defaclrole)::text AS maker, coalesce(n.nspname::text, '') AS place, d.defaclobjtype::text AS kind,
       CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee)::text END AS role,
       acl.privilege_type AS privilege
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
 CROSS JOIN LATERAL aclexplode(d.defaclacl) acl
"""

RULES = (
    policies_are_the_canonical_ones,
    grants_are_the_canonical_ones,
    database_and_schemas_are_closed,
    default_privileges_are_the_declared_ones,
)
