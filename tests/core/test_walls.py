from __future__ import annotations

import pytest

from portavoce.core.walls import (
    APP,
    EXCEPTIONS,
    MAY_READ,
    OWNER,
    REPORT,
    ROLES,
    ROUTER,
    Grant,
    Policy,
    canonical,
    definer_function,
    wall,
)


def test_a_tenant_table_reads_by_one_scope_and_writes_by_the_other() -> None:
    policies = [rule.sql() for rule in canonical("note", "tenant") if isinstance(rule, Policy)]
    assert policies == [
        "CREATE POLICY note_select ON pv.note AS PERMISSIVE FOR SELECT TO portavoce_app, portavoce_owner"
        " USING (COALESCE(pv.may_read(brand_id), false))",
        "CREATE POLICY note_insert ON pv.note AS PERMISSIVE FOR INSERT TO portavoce_app, portavoce_owner"
        " WITH CHECK (COALESCE((brand_id = pv.write_scope()), false))",
        "CREATE POLICY note_update ON pv.note AS PERMISSIVE FOR UPDATE TO portavoce_app, portavoce_owner"
        " USING (COALESCE((brand_id = pv.write_scope()), false)) WITH CHECK (COALESCE((brand_id = pv.write_scope()), false))",
        "CREATE POLICY note_delete ON pv.note AS PERMISSIVE FOR DELETE TO portavoce_app, portavoce_owner"
        " USING (COALESCE((brand_id = pv.write_scope()), false))",
    ]


def test_an_append_only_table_is_changed_by_nobody_but_the_owner() -> None:
    rules = canonical("fact", "tenant", append_only=True)
    changing = [rule for rule in rules if isinstance(rule, Policy) and rule.command in {"UPDATE", "DELETE"}]
    granted = {rule.privilege for rule in rules if isinstance(rule, Grant)}
    assert {rule.roles for rule in changing} == {(OWNER,)}
    assert granted == {"SELECT", "INSERT"}


@pytest.mark.parametrize(
    ("kind", "in_reports", "readers"),
    [
        ("tenant", True, {APP, REPORT}),
        ("tenant", False, {APP}),
        ("agent", True, {APP, ROUTER}),
        ("reference", True, {APP}),
        ("ops", True, {APP}),
    ],
)
def test_who_may_read_which_kind(kind: str, in_reports: bool, readers: set[str]) -> None:
    rules = canonical("note", kind, in_reports=in_reports)
    assert {rule.role for rule in rules if isinstance(rule, Grant) and rule.privilege == "SELECT"} == readers


def test_reports_never_write() -> None:
    rules = [*canonical("note", "tenant", in_reports=True), *canonical("brand", "reference")]
    written = {rule.role for rule in rules if isinstance(rule, Grant) and rule.privilege != "SELECT"}
    assert written == {APP}


def test_the_client_list_is_confidential() -> None:
    reading = next(rule for rule in canonical("brand", "reference") if isinstance(rule, Policy))
    assert reading.using == "COALESCE(pv.may_read(id), false)"


def test_the_wall_is_forced_before_the_first_policy() -> None:
    assert wall("note", "tenant")[: len(MAY_READ) + 2] == [
        *MAY_READ,
        "ALTER TABLE pv.note ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE pv.note FORCE ROW LEVEL SECURITY",
    ]


def test_an_exception_stands_beside_the_canonical_rules() -> None:
    assert "GRANT UPDATE (run_at, state, tries, handed_at) ON pv.outbox TO portavoce_dispatch" in wall(
        "outbox", "tenant"
    )


def test_no_policy_is_restrictive_or_looks_something_up() -> None:
    texts = [rule.sql() for rule, _ in EXCEPTIONS] + wall("note", "tenant") + wall("brand", "reference")
    policies = [text for text in texts if text.startswith("CREATE POLICY")]
    assert len(policies) > 8
    assert not [text for text in policies if "RESTRICTIVE" in text or "PUBLIC" in text or "(SELECT" in text]


def test_a_definer_function_is_for_its_callers_only() -> None:
    made = definer_function("ask(text)", "int", "SELECT 1", (APP,))
    assert "SECURITY DEFINER SET search_path = pg_catalog, pv" in made[0]
    assert made[1:3] == [
        "REVOKE ALL ON FUNCTION pv.ask(text) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION pv.ask(text) TO portavoce_app",
    ]
    assert "OWNER TO portavoce_definer" in made[4]


def test_roles_are_prefixed_so_that_none_is_named_like_a_schema() -> None:
    assert all(role.startswith("portavoce_") for role in ROLES)
