"""What must not exist beside tables, and the few functions that may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg

from portavoce.core.walls import APP, DEFINER, DISPATCH, OWNER, ROLES
from tests.isolation.declared import rows

Conn = psycopg.Connection[Any]
DEFINER_PATH = ["search_path=pg_catalog, pv"]


class Function(NamedTuple):
    callers: tuple[str, ...]
    source: str
    owner: str = OWNER
    definer: bool = False
    settings: list[str] | None = None


FUNCTIONS = {
    "pv.read_scope()": Function(
        ROLES, "SELECT string_to_array(nullif(current_setting('app.brand_ids', true), ''), ',')::uuid[]"
    ),
    "pv.may_read(uuid)": Function(
        ROLES, "SELECT strpos(current_setting('app.brand_ids', true), $1::text) > 0"
    ),
    "pv.write_scope()": Function(ROLES, "SELECT nullif(current_setting('app.brand_id', true), '')::uuid"),
    "pv.resolve(text,text)": Function(
        (APP,),
        "SELECT e.id, e.brand_id FROM pv.endpoint e WHERE e.kind = $1 AND e.value = $2",
        DEFINER,
        True,
        DEFINER_PATH,
    ),
    "pv.grants_of(uuid[])": Function(
        (APP,),
        "SELECT g.person_id, b.id, b.slug, g.role FROM pv.access_grant g JOIN pv.brand b ON b.id = g.brand_id"
        " WHERE g.person_id = ANY ($1) AND g.revoked_at IS NULL"
        " UNION SELECT g.person_id, b.id, b.slug, g.role FROM pv.access_grant g"
        " JOIN pv.brand b ON b.client_id = g.client_id"
        " WHERE g.person_id = ANY ($1) AND g.revoked_at IS NULL AND g.brand_id IS NULL",
        DEFINER,
        True,
        DEFINER_PATH,
    ),
    "pv.search(uuid,tsquery,text[],bigint)": Function(
        (APP,),
        "SELECT e.kind, e.subject_id, e.at, ts_rank(e.words, $2) AS rank FROM pv.search_entry e"
        " WHERE e.brand_id = $1 AND $1 = ANY (pv.read_scope()) AND e.words @@ $2 AND e.kind = ANY ($3)"
        " ORDER BY rank DESC, e.at DESC, e.subject_id LIMIT least($4, 200)",
        DEFINER,
        True,
        DEFINER_PATH,
    ),
    "pv.signals_among(uuid,text[])": Function(
        (APP,),
        "SELECT DISTINCT s.key, CASE WHEN s.brand_id = ANY (pv.read_scope()) THEN s.brand_id END,"
        " CASE WHEN s.brand_id = $1 THEN s.origin END FROM pv.brand_signal s"
        " WHERE s.key = ANY ($2) AND $1 = ANY (pv.read_scope())"
        " AND (s.brand_id = $1 OR s.origin NOT IN ('allowed', 'used'))",
        DEFINER,
        True,
        DEFINER_PATH,
    ),
    "pv.brands_behind()": Function(
        (DISPATCH,),
        "SELECT h.brand_id FROM pv.brand_head h LEFT JOIN pv.report_head r ON r.brand_id = h.brand_id"
        " WHERE h.n > coalesce(r.n, 0)",
        DEFINER,
        True,
        DEFINER_PATH,
    ),
    "pv.brand_ids()": Function((DISPATCH,), "SELECT b.id FROM pv.brand b", DEFINER, True, DEFINER_PATH),
}
FUNCTION_QUERY = """
SELECT p.oid::regprocedure::text AS name, p.prosecdef AS definer, pg_get_userbyid(p.proowner) AS owner,
       p.proconfig AS settings, concat(p.prokind, p.provolatile, l.lanname) AS shape, p.proleakproof AS leakproof,
       regexp_replace(btrim(p.prosrc, E' \\n\\t'), '\\s+', ' ', 'g') AS source,
       ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END
               FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
              WHERE a.grantee <> p.proowner) AS callers
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
 WHERE n.nspname NOT IN {schemas} ORDER BY 1
"""
CLOSED = (
    "lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid,bytea)", "lo_import(text)", "lo_import(text,oid)",
    "lo_export(oid,text)",
)  # fmt: skip


def functions_are_the_declared_ones(conn: Conn) -> Iterator[str]:
    found = {row.name: row for row in rows(conn, FUNCTION_QUERY)}
    yield from (f"function {name} is not declared" for name in found.keys() - FUNCTIONS.keys())
    yield from (f"function {name} is declared but missing" for name in FUNCTIONS.keys() - found.keys())
    for name in FUNCTIONS.keys() & found.keys():
        yield from (f"function {name} {fault}" for fault in _faults(FUNCTIONS[name], found[name]))


def _faults(declared: Function, found: Any) -> Iterator[str]:
    if found.definer != declared.definer:
        yield "is SECURITY DEFINER" if found.definer else "is not SECURITY DEFINER"
    if found.owner != declared.owner:
        yield f"belongs to {found.owner}"
    if found.settings != declared.settings:
        yield f"has the settings {found.settings}"
    if found.shape != "fssql" or found.leakproof:
        yield "is not a plain stable SQL function"
    if found.source != declared.source:
        yield "has another body than declared"
    callers, wanted = set(found.callers), set(declared.callers) - {declared.owner}
    yield from (f"may be executed by {role}" for role in callers - wanted)
    yield from (f"may not be executed by {role}" for role in wanted - callers)


def large_objects_are_closed(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT p.oid::regprocedure::text AS name FROM pg_proc p,
                  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname LIKE 'lo\\_%' AND a.grantee <> p.proowner""",
    ):
        if row.name in CLOSED:
            yield f"function {row.name} is open: large objects know no row security"
    for row in rows(conn, "SELECT oid FROM pg_largeobject_metadata"):
        yield f"large object {row.oid} exists"


def nothing_acts_by_itself(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT format('trigger %s on %s', tgname, tgrelid::regclass) AS name FROM pg_trigger WHERE NOT tgisinternal
           UNION ALL SELECT format('event trigger %s', evtname) FROM pg_event_trigger
           UNION ALL SELECT format('rule %s on %s', r.rulename, r.ev_class::regclass)
             FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN {schemas} AND r.rulename <> '_RETURN'
           UNION ALL SELECT format('publication %s', pubname) FROM pg_publication
           UNION ALL SELECT format('foreign server %s', srvname) FROM pg_foreign_server
           UNION ALL SELECT format('extension %s', extname) FROM pg_extension WHERE extname <> 'plpgsql'
           UNION ALL SELECT format('setting right on %s', parname) FROM pg_parameter_acl
           UNION ALL SELECT format('schema %s', nspname) FROM pg_namespace
            WHERE nspname NOT IN {schemas} AND nspname NOT IN ('pv', 'public') AND nspname NOT LIKE 'pg\\_%temp\\_%'""",
    ):
        yield f"{row.name} is not declared"


RULES = (functions_are_the_declared_ones, large_objects_are_closed, nothing_acts_by_itself)
