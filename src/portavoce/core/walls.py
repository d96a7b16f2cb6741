"""The wall as SQL: canonical policies and grants per kind of table, used by migrations and by the catalog gate.

One PERMISSIVE policy per command; never RESTRICTIVE (Citus widens it), never a sub-select (Citus refuses it).
"""

from __future__ import annotations

from dataclasses import dataclass

READ = "COALESCE(pv.may_read(brand_id), false)"
WRITE = "COALESCE((brand_id = pv.write_scope()), false)"
OWN_READ = "COALESCE(pv.may_read(id), false)"
OWN_WRITE = "COALESCE((id = pv.write_scope()), false)"
"""A bare comparison would count to the planner as one more condition that few rows meet, beside the brand that every
statement names: it would expect one row where there are hundreds. Of a coalesced one it assumes that half pass.
"""
ALL = "true"
OLD_DENIAL = "(at < (now() - '30 days'::interval))"

OWNER, APP, REPORT = "portavoce_owner", "portavoce_app", "portavoce_report"
ROUTER, DISPATCH, DEFINER = "portavoce_router", "portavoce_dispatch", "portavoce_definer"
BACKUP = "portavoce_backup"
ROLES = (OWNER, APP, REPORT, ROUTER, DISPATCH, DEFINER, BACKUP)
PROCESS_ROLES = (APP, REPORT, ROUTER, DISPATCH)

COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Policy:
    table: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    suffix: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_{self.command.lower()}{self.suffix}"

    def sql(self) -> str:
        using = f" USING {_bracketed(self.using)}" if self.using else ""
        check = f" WITH CHECK {_bracketed(self.check)}" if self.check else ""
        return (
            f"CREATE POLICY {self.name} ON pv.{self.table} AS PERMISSIVE FOR {self.command} "
            f"TO {', '.join(self.roles)}{using}{check}"
        )


@dataclass(frozen=True, slots=True)
class Grant:
    table: str
    privilege: str
    role: str
    columns: tuple[str, ...] = ()

    def sql(self) -> str:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"GRANT {self.privilege}{columns} ON pv.{self.table} TO {self.role}"


OUTBOX_HEAD = ("brand_id", "id", "topic", "run_at", "state", "tries", "handed_at", "created_at")
HOUSE_OUTBOX_HEAD = OUTBOX_HEAD[1:]
OUTBOX_MARKS = ("run_at", "state", "tries", "handed_at")
WORK_HEAD = (
    "brand_id",
    "interaction_id",
    "lob_id",
    "queue_id",
    "channel",
    "units",
    "skill",
    "queued_at",
    "due_at",
    "state",
)


def erasable(table: str) -> tuple[Policy | Grant, ...]:
    """Of a table that only grows: nobody changes a row, and the brand may remove one with the person it is about."""
    return Policy(table, "DELETE", (APP,), WRITE, None, "_erasure"), Grant(table, "DELETE", APP)


EXCEPTIONS: tuple[tuple[Policy | Grant, str], ...] = (
    (
        Policy("work_item", "SELECT", (ROUTER,), ALL, None, "_router"),
        "the matcher compares heads across brands",
    ),
    (Grant("work_item", "SELECT", ROUTER, WORK_HEAD), "heads only, no content"),
    (
        Policy("outbox", "SELECT", (DISPATCH,), ALL, None, "_dispatch"),
        "the dispatcher hands over every brand's rows",
    ),
    (Policy("outbox", "UPDATE", (DISPATCH,), ALL, ALL, "_dispatch"), "it marks what it handed over"),
    (Grant("outbox", "SELECT", DISPATCH, OUTBOX_HEAD), "never the payload"),
    (Grant("outbox", "UPDATE", DISPATCH, OUTBOX_MARKS), "marks only"),
    (
        Policy("house_outbox", "SELECT", (DISPATCH,), ALL, None, "_dispatch"),
        "mail without a brand leaves too",
    ),
    (Policy("house_outbox", "UPDATE", (DISPATCH,), ALL, ALL, "_dispatch"), "it marks what it handed over"),
    (Grant("house_outbox", "SELECT", DISPATCH, HOUSE_OUTBOX_HEAD), "never the payload"),
    (Grant("house_outbox", "UPDATE", DISPATCH, OUTBOX_MARKS), "marks only"),
    (Policy("endpoint", "SELECT", (DEFINER,), ALL, None, "_definer"), "resolve() runs before a scope exists"),
    (Grant("endpoint", "SELECT", DEFINER), "resolve()"),
    (
        Policy("access_grant", "SELECT", (DEFINER,), ALL, None, "_definer"),
        "grants_of() runs before a scope exists",
    ),
    (Grant("access_grant", "SELECT", DEFINER), "grants_of()"),
    (Policy("brand", "SELECT", (DEFINER,), ALL, None, "_definer"), "grants_of() and brand_ids() name brands"),
    (Grant("brand", "SELECT", DEFINER), "grants_of() and brand_ids()"),
    *(
        (rule, "brands_behind() compares how far two chains are read, and gives ids only")
        for table in ("brand_head", "report_head")
        for rule in (
            Policy(table, "SELECT", (DEFINER,), ALL, None, "_definer"),
            Grant(table, "SELECT", DEFINER, ("brand_id", "n")),
        )
    ),
    (
        Policy("brand_signal", "SELECT", (DEFINER,), ALL, None, "_definer"),
        "signals_among() compares a text with the marks of every brand",
    ),
    (Grant("brand_signal", "SELECT", DEFINER, ("brand_id", "key", "origin")), "signals_among()"),
    (
        Policy("search_entry", "SELECT", (DEFINER,), ALL, None, "_definer"),
        "search() names the one brand itself: behind a policy its operator could not use the index",
    ),
    (Grant("search_entry", "SELECT", DEFINER), "search(): words and ids, no text"),
    (
        Policy("denial", "DELETE", (APP,), OLD_DENIAL, None, "_retention"),
        "retention; the database itself says how young a refusal nobody may remove",
    ),
    (Grant("denial", "DELETE", APP), "retention"),
    *(
        (rule, "goes with its customer")
        for table in ("customer_consent", "customer_change", "customer_move")
        for rule in erasable(table)
    ),
    (
        Policy("alembic_version", "SELECT", (APP,), ALL, None, "_app"),
        "readiness compares the schema with the code",
    ),
    (Grant("alembic_version", "SELECT", APP), "readiness; no process signs in as owner"),
)
"""Every policy or grant outside the canonical set of its kind, each with its reason. The gate knows no other."""


def canonical(
    table: str, kind: str, *, append_only: bool = False, in_reports: bool = False
) -> list[Policy | Grant]:
    """What a table of this kind must have: no less and no more, but for EXCEPTIONS."""
    if table == "brand":
        return _walled(table, OWN_READ, OWN_WRITE, (APP, REPORT), (APP,), append_only=False)
    if table == "alembic_version":
        return _walled(table, ALL, ALL, (), (), append_only=False)
    if kind == "tenant":
        readers = (APP, REPORT) if in_reports else (APP,)
        return _walled(table, READ, WRITE, readers, (APP,), append_only=append_only)
    roles = (APP, ROUTER) if kind == "agent" else (APP,)
    return _walled(table, ALL, ALL, roles, roles, append_only=append_only)


def _walled(
    table: str,
    read: str,
    write: str,
    readers: tuple[str, ...],
    writers: tuple[str, ...],
    *,
    append_only: bool,
) -> list[Policy | Grant]:
    rules: list[Policy | Grant] = [Policy(table, "SELECT", (*readers, OWNER), read, None)]
    rules.append(Policy(table, "INSERT", (*writers, OWNER), None, write))
    changers = (OWNER,) if append_only else (*writers, OWNER)
    rules.append(Policy(table, "UPDATE", changers, write, write))
    rules.append(Policy(table, "DELETE", changers, write, None))
    rules += [Grant(table, "SELECT", role) for role in readers]
    for role in writers:
        rules += [Grant(table, command, role) for command in (COMMANDS[1:2] if append_only else COMMANDS[1:])]
    return rules


def wall(table: str, kind: str, *, append_only: bool = False, in_reports: bool = False) -> list[str]:
    """One DDL statement per item, in order: row security on and forced, policies, grants, exceptions."""
    rules = canonical(table, kind, append_only=append_only, in_reports=in_reports)
    rules += [rule for rule, _reason in EXCEPTIONS if rule.table == table]
    return [
        *(
            MAY_READ
            if any(isinstance(rule, Policy) and rule.using in (READ, OWN_READ) for rule in rules)
            else ()
        ),
        f"ALTER TABLE pv.{table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY",
        *[rule.sql() for rule in rules],
    ]


def _bracketed(expression: str) -> str:
    return expression if expression.startswith("(") else f"({expression})"


SCOPE_FUNCTIONS = (
    """CREATE FUNCTION pv.read_scope() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(nullif(current_setting('app.brand_ids', true), ''), ',')::uuid[] $$""",
    """CREATE FUNCTION pv.write_scope() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('app.brand_id', true), '')::uuid $$""",
    "REVOKE ALL ON FUNCTION pv.read_scope(), pv.write_scope() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION pv.read_scope(), pv.write_scope() TO {', '.join(ROLES)}",
)
"""Unset and '' (what a pooled connection keeps after SET LOCAL) both mean: no brand."""
MAY_READ = (
    """CREATE OR REPLACE FUNCTION pv.may_read(uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT strpos(current_setting('app.brand_ids', true), $1::text) > 0 $$""",
    "REVOKE ALL ON FUNCTION pv.may_read(uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION pv.may_read(uuid) TO {', '.join(ROLES)}",
)
"""Asked of every row: looking for the brand in the text of the scope costs a tenth of reading forty ids out of it.

It stands before every wall, since a release that is upgraded meets the tables of later migrations before its own.
"""


def definer_function(signature: str, returns: str, body: str, callers: tuple[str, ...]) -> list[str]:
    """A look-up that runs as `portavoce_definer`, for `callers` only. `signature` is `name(argument type, …)`."""
    return [
        f"CREATE FUNCTION pv.{signature} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, pv AS $${body}$$",
        f"REVOKE ALL ON FUNCTION pv.{signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION pv.{signature} TO {', '.join(callers)}",
        f"GRANT CREATE ON SCHEMA pv TO {DEFINER}",
        f"ALTER FUNCTION pv.{signature} OWNER TO {DEFINER}",
        f"REVOKE CREATE ON SCHEMA pv FROM {DEFINER}",
    ]
