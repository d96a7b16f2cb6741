"""Whoever tears at the wall is named: each sabotage is applied, caught by the gate, and rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from tests.cluster import SessionCluster
from tests.database import Installation
from tests.isolation.catalog import complaints

SABOTAGES: tuple[tuple[LiteralString, str], ...] = (
    (
        "ALTER POLICY customer_select ON pv.customer USING (true)",
        "policy customer_select lets rows be seen USING true",
    ),
    (
        "ALTER POLICY customer_update ON pv.customer WITH CHECK (true)",
        "policy customer_update lets rows be written WITH CHECK true",
    ),
    (
        "ALTER POLICY customer_insert ON pv.customer WITH CHECK (brand_id = ANY (pv.read_scope()))",
        "policy customer_insert lets rows be written WITH CHECK (brand_id = ANY (pv.read_scope()))",
    ),
    ("ALTER POLICY customer_select ON pv.customer TO PUBLIC", "policy customer_select is for the roles PUBLIC"),
    ("DROP POLICY brand_select ON pv.brand", "policy brand_select on brand is missing"),
    ("ALTER TABLE pv.message DISABLE ROW LEVEL SECURITY", "table pv.message has no row security"),
    (
        "ALTER TABLE pv.message NO FORCE ROW LEVEL SECURITY",
        "table pv.message does not force row security on its owner",
    ),
    (
        "CREATE POLICY helpful ON pv.customer FOR SELECT TO portavoce_app USING (true)",
        "policy helpful on customer is not declared",
    ),
    (
        """DROP POLICY customer_delete ON pv.customer;
           CREATE POLICY customer_delete ON pv.customer AS RESTRICTIVE FOR DELETE TO portavoce_app, portavoce_owner
            USING (brand_id = pv.write_scope())""",
        "policy customer_delete is RESTRICTIVE, which Citus widens to everybody",
    ),
    (
        "CREATE UNIQUE INDEX customer_name ON pv.customer (name)",
        "unique index customer_name on tenant table customer does not begin with brand_id",
    ),
    (
        "CREATE INDEX customer_name ON pv.customer (name, brand_id)",
        "index customer_name on tenant table customer does not begin with brand_id",
    ),
    (
        "CREATE INDEX customer_lower ON pv.customer (brand_id, lower(name))",
        "index customer_lower indexes an expression: store the value in a column",
    ),
    (
        "CREATE INDEX mail_hash ON pv.ledger_event (brand_id) WHERE hash = ''",
        "index mail_hash uses a bytea column, which is not leakproof",
    ),
    (
        """ALTER TABLE pv.customer ADD UNIQUE (id);
           ALTER TABLE pv.conversation ADD CONSTRAINT loose FOREIGN KEY (customer_id) REFERENCES pv.customer (id)""",
        "foreign key loose between tenant tables does not begin with brand_id",
    ),
    (
        "ALTER TABLE pv.brand_agent ADD CONSTRAINT bridge FOREIGN KEY (agent_id) REFERENCES pv.agent",
        "foreign key bridge goes from tenant table brand_agent to agent table agent",
    ),
    (
        """ALTER TABLE pv.conversation ADD CONSTRAINT cascading
             FOREIGN KEY (brand_id, customer_id) REFERENCES pv.customer ON DELETE CASCADE""",
        "foreign key cascading changes rows by itself (ON DELETE or ON UPDATE)",
    ),
    (
        """ALTER TABLE pv.conversation ADD CONSTRAINT idle
             FOREIGN KEY (brand_id, customer_id) REFERENCES pv.customer NOT ENFORCED""",
        "foreign key idle is not validated or not enforced",
    ),
    ("GRANT SELECT ON pv.person TO portavoce_report", "portavoce_report has SELECT on person"),
    ("GRANT UPDATE ON pv.ledger_event TO portavoce_app", "portavoce_app has UPDATE on ledger_event"),
    ("GRANT TRUNCATE ON pv.message TO portavoce_app", "portavoce_app has TRUNCATE on message"),
    ("GRANT SELECT (last_error) ON pv.outbox TO portavoce_dispatch", "portavoce_dispatch has SELECT on outbox.last_error"),
    ("GRANT SELECT ON pv.customer TO PUBLIC", "PUBLIC has SELECT on customer"),
    (
        "GRANT SELECT ON pv.customer TO portavoce_app WITH GRANT OPTION",
        "portavoce_app may hand on SELECT on customer",
    ),
    ("REVOKE SELECT ON pv.customer FROM portavoce_app", "portavoce_app lacks SELECT on customer"),
    ("GRANT EXECUTE ON FUNCTION pv.resolve TO PUBLIC", "function pv.resolve(text,text) may be executed by PUBLIC"),
    ("GRANT EXECUTE ON FUNCTION pv.brand_ids TO portavoce_app", "function pv.brand_ids() may be executed by portavoce_app"),
    ("ALTER FUNCTION pv.brand_ids RESET search_path", "function pv.brand_ids() has the settings None"),
    ("ALTER FUNCTION pv.read_scope SECURITY DEFINER", "function pv.read_scope() is SECURITY DEFINER"),
    ("ALTER FUNCTION pv.resolve OWNER TO postgres", "function pv.resolve(text,text) belongs to postgres"),
    (
        """CREATE OR REPLACE FUNCTION pv.write_scope() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
             $$ SELECT current_setting('app.brand_id')::uuid $$""",
        "function pv.write_scope() has another body than declared",
    ),
    (
        "CREATE FUNCTION pv.help() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "function pv.help() is not declared",
    ),
    ("GRANT EXECUTE ON FUNCTION lo_create TO PUBLIC", "function lo_create(oid) is open: large objects know no row security"),
    ("SELECT lo_create(0)", "large object"),
    (
        "CREATE VIEW pv.everybody AS SELECT * FROM pv.customer",
        "view pv.everybody is not security_invoker: it reads as its owner",
    ),
    (
        "CREATE VIEW pv.everybody WITH (security_invoker = true) AS SELECT * FROM pv.customer",
        "pv.everybody: views are not declared",
    ),
    (
        "CREATE MATERIALIZED VIEW pv.frozen AS SELECT * FROM pv.customer",
        "pv.frozen: materialised views know no row security",
    ),
    ("CREATE SEQUENCE pv.counter", "pv.counter: sequences are not distributable: ids are made in the app"),
    (
        "ALTER TABLE pv.customer ADD COLUMN no bigint GENERATED ALWAYS AS IDENTITY",
        "column pv.customer.no is an identity column",
    ),
    (
        "CREATE TYPE pv.mood AS ENUM ('good'); ALTER TABLE pv.customer ADD COLUMN mood pv.mood",
        "column pv.customer.mood is of type pv.mood",
    ),
    ("ALTER TABLE pv.customer ADD COLUMN extra jsonb", "column pv.customer.extra is of type jsonb"),
    ("CREATE TABLE pv.notes (id uuid PRIMARY KEY)", "table pv.notes is not declared"),
    ("CREATE TABLE public.notes (id uuid PRIMARY KEY)", "table public.notes is not declared"),
    ("DROP TABLE pv.heartbeat", "table pv.heartbeat is declared but missing"),
    ("ALTER TABLE pv.customer OWNER TO portavoce_app", "role portavoce_app owns table pv.customer"),
    ("ALTER TABLE pv.brand_head DROP CONSTRAINT brand_head_pkey", "table brand_head has no primary key"),
    (
        "CREATE TABLE pv.part (LIKE pv.customer INCLUDING CONSTRAINTS); GRANT SELECT ON pv.part TO portavoce_app; "
        "ALTER TABLE pv.part INHERIT pv.customer",
        "table pv.part inherits from another",
    ),
    (
        """CREATE FUNCTION pv.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
           CREATE TRIGGER sly BEFORE INSERT ON pv.customer EXECUTE FUNCTION pv.nothing()""",
        "trigger sly on pv.customer is not declared",
    ),
    (
        "CREATE RULE sly AS ON INSERT TO pv.customer DO INSTEAD NOTHING",
        "rule sly on pv.customer is not declared",
    ),
    ("ALTER ROLE portavoce_app SUPERUSER", "role portavoce_app is a superuser"),
    ("ALTER ROLE portavoce_report BYPASSRLS", "role portavoce_report bypasses row security"),
    ("ALTER ROLE portavoce_router CREATEROLE", "role portavoce_router may create roles or databases, or replicate"),
    ("ALTER ROLE portavoce_app INHERIT", "role portavoce_app inherits the rights of roles it is a member of"),
    ("ALTER ROLE portavoce_app SET app.brand_ids = ''", "role portavoce_app has the settings ["),
    ("GRANT portavoce_router TO portavoce_app", "role portavoce_app is a member of portavoce_router"),
    ("GRANT pg_read_all_data TO portavoce_report", "role portavoce_report is a member of pg_read_all_data"),
    (
        "GRANT portavoce_definer TO portavoce_owner WITH INHERIT TRUE",
        "role portavoce_owner may do more in portavoce_definer than SET ROLE",
    ),
    ("CREATE ROLE portavoce_helper", "role portavoce_helper is not declared"),
    ("GRANT TEMP ON DATABASE {} TO portavoce_app", "portavoce_app has TEMPORARY on the database"),
    ("GRANT CONNECT ON DATABASE {} TO PUBLIC", "PUBLIC has CONNECT on the database"),
    ("GRANT CREATE ON SCHEMA pv TO portavoce_app", "portavoce_app has CREATE on schema pv"),
    ("GRANT USAGE ON SCHEMA public TO PUBLIC", "PUBLIC has USAGE on schema public"),
    ("CREATE SCHEMA side", "schema side is not declared"),
    ("CREATE PUBLICATION everything FOR ALL TABLES", "publication everything is not declared"),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE portavoce_owner IN SCHEMA pv GRANT SELECT ON TABLES TO portavoce_app",
        "default privilege of portavoce_owner in schema 'pv': SELECT on new 'r' for portavoce_app",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def victim(install: Callable[[], Installation], cluster: SessionCluster) -> Iterator[Installation]:
    """An installation of these tests' own, without rows that would resist."""
    made = install()
    yield made
    cluster.drop_database(made.name)


@pytest.fixture
def torn(victim: Installation) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's transaction that never commits."""
    with psycopg.connect(victim.superuser_dsn) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize(("sabotage", "complaint"), SABOTAGES, ids=[complaint for _, complaint in SABOTAGES])
def test_the_gate_names_the_sabotage(
    torn: psycopg.Connection[Any], victim: Installation, sabotage: LiteralString, complaint: str
) -> None:
    torn.execute(sabotage.replace("{}", f'"{victim.name}"').encode())
    assert [found for found in complaints(torn) if found.startswith(complaint)]


def test_there_are_sabotages_of_every_rule_file() -> None:
    assert len(SABOTAGES) >= 60
