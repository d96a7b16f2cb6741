"""First voice: every table of the first release, its wall, and the look-ups that run before a scope exists."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import SCOPE_FUNCTIONS, definer_function, wall

revision = "20261121_first_voice"
down_revision = None
branch_labels = None
depends_on = None

WALLS = (
    ("client", "reference", False, False),
    ("denial", "ops", True, False),
    ("heartbeat", "ops", False, False),
    ("house_audit", "ops", True, False),
    ("house_outbox", "ops", False, False),
    ("site", "reference", False, False),
    ("throttle", "ops", False, False),
    ("brand", "reference", False, False),
    ("person", "reference", False, False),
    ("access_grant", "reference", False, False),
    ("agent", "agent", False, False),
    ("audit_entry", "tenant", True, False),
    ("brand_agent", "tenant", False, False),
    ("brand_head", "tenant", False, False),
    ("calendar", "tenant", False, True),
    ("contract", "tenant", False, True),
    ("customer", "tenant", False, False),
    ("endpoint", "reference", False, False),
    ("ledger_event", "tenant", True, True),
    ("line_of_business", "tenant", False, True),
    ("login_token", "ops", False, False),
    ("outbox", "tenant", False, False),
    ("session", "ops", False, False),
    ("stored_file", "tenant", False, False),
    ("ticket", "tenant", True, True),
    ("agent_event", "agent", True, False),
    ("agent_slot", "agent", False, False),
    ("agent_state", "agent", True, False),
    ("calendar_version", "tenant", False, True),
    ("contract_version", "tenant", False, True),
    ("conversation", "tenant", False, False),
    ("customer_identity", "tenant", False, False),
    ("disposition", "tenant", False, False),
    ("mailbox", "tenant", False, False),
    ("queue", "tenant", False, False),
    ("clause", "tenant", False, True),
    ("interaction", "tenant", False, False),
    ("closure", "tenant", False, False),
    ("handling_segment", "tenant", False, False),
    ("message", "tenant", False, False),
    ("work_item", "tenant", False, False),
    ("attachment", "tenant", False, False),
    ("inbound_event", "tenant", False, False),
    ("mail", "tenant", False, False),
    ("alembic_version", "ops", False, False),
)
"""table, kind, append-only, read by reports"""

RESOLVE = """SELECT e.id, e.brand_id FROM pv.endpoint e WHERE e.kind = $1 AND e.value = $2"""
GRANTS_OF = """
SELECT g.person_id, b.id, b.slug, g.role FROM pv.access_grant g JOIN pv.brand b ON b.id = g.brand_id
 WHERE g.person_id = ANY ($1) AND g.revoked_at IS NULL
UNION
SELECT g.person_id, b.id, b.slug, g.role FROM pv.access_grant g JOIN pv.brand b ON b.client_id = g.client_id
 WHERE g.person_id = ANY ($1) AND g.revoked_at IS NULL AND g.brand_id IS NULL
"""
BRAND_IDS = "SELECT b.id FROM pv.brand b"
LOOK_UPS = (
    (
        "resolve(kind text, value text)",
        "TABLE (endpoint_id uuid, brand_id uuid)",
        RESOLVE,
        ("portavoce_app",),
    ),
    (
        "grants_of(people uuid[])",
        "TABLE (person_id uuid, brand_id uuid, slug text, role text)",
        GRANTS_OF,
        ("portavoce_app",),
    ),
    ("brand_ids()", "SETOF uuid", BRAND_IDS, ("portavoce_dispatch",)),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in SCOPE_FUNCTIONS:
        op.execute(statement)
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("client_pkey")),
        schema="pv",
    )
    op.create_table(
        "denial",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("denial_pkey")),
        schema="pv",
    )
    op.create_index("denial_at", "denial", ["at"], unique=False, schema="pv")
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("heartbeat_pkey")),
        schema="pv",
    )
    op.create_table(
        "house_audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("house_audit_pkey")),
        schema="pv",
    )
    op.create_index("house_audit_at", "house_audit", ["at"], unique=False, schema="pv")
    op.create_table(
        "house_outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'handed', 'done', 'dead')", name=op.f("house_outbox_state_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("house_outbox_pkey")),
        schema="pv",
    )
    op.create_index(
        "house_outbox_due",
        "house_outbox",
        ["run_at"],
        unique=False,
        schema="pv",
        postgresql_where=sa.text("state IN ('pending', 'handed')"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("monitoring_authorised", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("site_pkey")),
        schema="pv",
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name=op.f("throttle_pkey")),
        schema="pv",
    )
    op.create_table(
        "brand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("monogram", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "shape IN ('circle', 'square', 'leaf', 'hex', 'shield')", name=op.f("brand_shape_check")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["pv.client.id"], name=op.f("brand_client_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("brand_pkey")),
        sa.UniqueConstraint("slug", name=op.f("brand_slug_key")),
        schema="pv",
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale IN ('it', 'en')", name=op.f("person_locale_check")),
        sa.ForeignKeyConstraint(["client_id"], ["pv.client.id"], name=op.f("person_client_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("email", name=op.f("person_email_key")),
        schema="pv",
    )
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role = 'admin' OR brand_id IS NOT NULL OR client_id IS NOT NULL",
            name=op.f("access_grant_house_check"),
        ),
        sa.CheckConstraint(
            "role IN ('agent', 'supervisor', 'admin', 'client_viewer', 'client_approver')",
            name=op.f("access_grant_role_check"),
        ),
        sa.CheckConstraint("brand_id IS NULL OR client_id IS NULL", name=op.f("access_grant_target_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("access_grant_brand_id_fkey")),
        sa.ForeignKeyConstraint(["client_id"], ["pv.client.id"], name=op.f("access_grant_client_id_fkey")),
        sa.ForeignKeyConstraint(["granted_by"], ["pv.person.id"], name=op.f("access_grant_granted_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["pv.person.id"], name=op.f("access_grant_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("access_grant_pkey")),
        schema="pv",
    )
    op.create_index("access_grant_brand", "access_grant", ["brand_id"], unique=False, schema="pv")
    op.create_index(
        "access_grant_once",
        "access_grant",
        ["person_id", "role", "brand_id", "client_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "agent",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["pv.person.id"], name=op.f("agent_person_id_fkey")),
        sa.ForeignKeyConstraint(["site_id"], ["pv.site.id"], name=op.f("agent_site_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("agent_pkey")),
        sa.UniqueConstraint("person_id", name=op.f("agent_person_id_key")),
        schema="pv",
    )
    op.create_table(
        "audit_entry",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("audit_entry_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("audit_entry_pkey")),
        schema="pv",
    )
    op.create_index("audit_entry_at", "audit_entry", ["brand_id", "at"], unique=False, schema="pv")
    op.create_table(
        "brand_agent",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("brand_agent_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("brand_agent_pkey")),
        schema="pv",
    )
    op.create_index("brand_agent_agent", "brand_agent", ["brand_id", "agent_id"], unique=True, schema="pv")
    op.create_table(
        "brand_head",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("brand_head_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("brand_head_pkey")),
        schema="pv",
    )
    op.create_table(
        "calendar",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("calendar_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("calendar_pkey")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("calendar_brand_id_name_key")),
        schema="pv",
    )
    op.create_table(
        "contract",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("contract_brand_id_fkey")),
        sa.ForeignKeyConstraint(["client_id"], ["pv.client.id"], name=op.f("contract_client_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("contract_pkey")),
        schema="pv",
    )
    op.create_table(
        "customer",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("customer_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_pkey")),
        schema="pv",
    )
    op.create_table(
        "endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('email')", name=op.f("endpoint_kind_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("endpoint_brand_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("endpoint_pkey")),
        sa.UniqueConstraint("kind", "value", name=op.f("endpoint_kind_value_key")),
        schema="pv",
    )
    op.create_index("endpoint_brand", "endpoint", ["brand_id"], unique=False, schema="pv")
    op.create_table(
        "ledger_event",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("v", sa.BigInteger(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=True),
        sa.Column("care_case_id", sa.Uuid(), nullable=True),
        sa.Column("interaction_id", sa.Uuid(), nullable=True),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("contract_version_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("ledger_event_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "n", name=op.f("ledger_event_pkey")),
        schema="pv",
    )
    op.create_index("ledger_event_at", "ledger_event", ["brand_id", "at"], unique=False, schema="pv")
    op.create_index("ledger_event_id", "ledger_event", ["brand_id", "id"], unique=True, schema="pv")
    op.create_index(
        "ledger_event_interaction",
        "ledger_event",
        ["brand_id", "interaction_id", "n"],
        unique=False,
        schema="pv",
    )
    op.create_table(
        "line_of_business",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("work_mode", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "work_mode IN ('push', 'assisted', 'free')", name=op.f("line_of_business_work_mode_check")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("line_of_business_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("line_of_business_pkey")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("line_of_business_brand_id_name_key")),
        schema="pv",
    )
    op.create_table(
        "login_token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("login_token_purpose_check")),
        sa.ForeignKeyConstraint(["person_id"], ["pv.person.id"], name=op.f("login_token_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("login_token_pkey")),
        schema="pv",
    )
    op.create_index("login_token_person", "login_token", ["person_id"], unique=False, schema="pv")
    op.create_table(
        "outbox",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'handed', 'done', 'dead')", name=op.f("outbox_state_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("outbox_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("outbox_pkey")),
        schema="pv",
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["run_at"],
        unique=False,
        schema="pv",
        postgresql_where=sa.text("state IN ('pending', 'handed')"),
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["brand_id", "run_at"],
        unique=False,
        schema="pv",
        postgresql_where=sa.text("state IN ('pending', 'handed')"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["pv.person.id"], name=op.f("session_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("session_pkey")),
        schema="pv",
    )
    op.create_index("session_person", "session", ["person_id"], unique=False, schema="pv")
    op.create_table(
        "stored_file",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("stored_file_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("stored_file_pkey")),
        schema="pv",
    )
    op.create_index("stored_file_key", "stored_file", ["brand_id", "key"], unique=False, schema="pv")
    op.create_table(
        "ticket",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("ticket_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "interaction_id", name=op.f("ticket_pkey")),
        schema="pv",
    )
    op.create_index("ticket_number", "ticket", ["brand_id", "number"], unique=True, schema="pv")
    op.create_table(
        "agent_event",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("v", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"], name=op.f("agent_event_agent_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", "n", name=op.f("agent_event_pkey")),
        schema="pv",
    )
    op.create_table(
        "agent_slot",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("aux", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tail_aux", sa.Text(), nullable=True),
        sa.Column("state_seq", sa.BigInteger(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "chosen IN ('offline', 'ready', 'acw', 'aux')", name=op.f("agent_slot_chosen_check")
        ),
        sa.CheckConstraint(
            "state IN ('offline', 'ready', 'working', 'acw', 'aux', 'not_responding')",
            name=op.f("agent_slot_state_check"),
        ),
        sa.CheckConstraint("used BETWEEN 0 AND cap", name=op.f("agent_slot_capacity_check")),
        sa.ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"], name=op.f("agent_slot_agent_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("agent_slot_pkey")),
        schema="pv",
    )
    op.create_table(
        "agent_state",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("aux", sa.Text(), nullable=True),
        sa.Column("prev_seq", sa.BigInteger(), nullable=True),
        sa.Column("prev_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "since <= recorded_at + interval '1 minute'", name=op.f("agent_state_not_future_check")
        ),
        sa.CheckConstraint(
            "state IN ('offline', 'ready', 'working', 'acw', 'aux', 'not_responding')",
            name=op.f("agent_state_state_check"),
        ),
        sa.CheckConstraint(
            "(seq = 1 AND prev_seq IS NULL AND prev_since IS NULL) OR (seq > 1 AND prev_seq IS NOT NULL AND prev_since IS NOT NULL AND prev_seq = seq - 1 AND since >= prev_since)",
            name=op.f("agent_state_chain_check"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id", "prev_seq", "prev_since"],
            ["pv.agent_state.agent_id", "pv.agent_state.seq", "pv.agent_state.since"],
            name=op.f("agent_state_agent_id_prev_seq_prev_since_fkey"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"], name=op.f("agent_state_agent_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", "seq", name=op.f("agent_state_pkey")),
        sa.UniqueConstraint("agent_id", "seq", "since", name=op.f("agent_state_agent_id_seq_since_key")),
        schema="pv",
    )
    op.create_table(
        "calendar_version",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekly", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "calendar_id"],
            ["pv.calendar.brand_id", "pv.calendar.id"],
            name=op.f("calendar_version_brand_id_calendar_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("calendar_version_pkey")),
        sa.UniqueConstraint(
            "brand_id",
            "calendar_id",
            "valid_from",
            name=op.f("calendar_version_brand_id_calendar_id_valid_from_key"),
        ),
        schema="pv",
    )
    op.create_table(
        "contract_version",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('unpriced', 'signed')", name=op.f("contract_version_state_check")),
        sa.ForeignKeyConstraint(
            ["brand_id", "contract_id"],
            ["pv.contract.brand_id", "pv.contract.id"],
            name=op.f("contract_version_brand_id_contract_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("contract_version_pkey")),
        sa.UniqueConstraint(
            "brand_id", "contract_id", "number", name=op.f("contract_version_brand_id_contract_id_number_key")
        ),
        sa.UniqueConstraint("brand_id", "valid_from", name=op.f("contract_version_brand_id_valid_from_key")),
        schema="pv",
    )
    op.create_table(
        "conversation",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "customer_id"],
            ["pv.customer.brand_id", "pv.customer.id"],
            name=op.f("conversation_brand_id_customer_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("conversation_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("conversation_pkey")),
        schema="pv",
    )
    op.create_index(
        "conversation_customer", "conversation", ["brand_id", "customer_id"], unique=False, schema="pv"
    )
    op.create_table(
        "customer_identity",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "customer_id"],
            ["pv.customer.brand_id", "pv.customer.id"],
            name=op.f("customer_identity_brand_id_customer_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_identity_pkey")),
        sa.UniqueConstraint(
            "brand_id", "channel", "value", name=op.f("customer_identity_brand_id_channel_value_key")
        ),
        schema="pv",
    )
    op.create_table(
        "disposition",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("disposition_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("disposition_pkey")),
        sa.UniqueConstraint("brand_id", "lob_id", "code", name=op.f("disposition_brand_id_lob_id_code_key")),
        schema="pv",
    )
    op.create_table(
        "mailbox",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("mailbox_brand_id_lob_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["endpoint_id"], ["pv.endpoint.id"], name=op.f("mailbox_endpoint_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("mailbox_pkey")),
        sa.UniqueConstraint("brand_id", "endpoint_id", name=op.f("mailbox_brand_id_endpoint_id_key")),
        schema="pv",
    )
    op.create_table(
        "queue",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("queue_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("queue_pkey")),
        sa.UniqueConstraint("brand_id", "lob_id", "name", name=op.f("queue_brand_id_lob_id_name_key")),
        schema="pv",
    )
    op.create_table(
        "clause",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_version_id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("target_s", sa.BigInteger(), nullable=False),
        sa.Column("share_bp", sa.BigInteger(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("reopen_window_s", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("metric IN ('first_response')", name=op.f("clause_metric_check")),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("clause_share_check")),
        sa.CheckConstraint("target_s > 0", name=op.f("clause_target_check")),
        sa.ForeignKeyConstraint(
            ["brand_id", "calendar_id"],
            ["pv.calendar.brand_id", "pv.calendar.id"],
            name=op.f("clause_brand_id_calendar_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "contract_version_id"],
            ["pv.contract_version.brand_id", "pv.contract_version.id"],
            name=op.f("clause_brand_id_contract_version_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("clause_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("clause_pkey")),
        sa.UniqueConstraint(
            "brand_id",
            "contract_version_id",
            "lob_id",
            "channel",
            "metric",
            name=op.f("clause_brand_id_contract_version_id_lob_id_channel_metric_key"),
        ),
        schema="pv",
    )
    op.create_table(
        "interaction",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("contract_version_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("interaction_closure_check")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'assigned', 'closed')", name=op.f("interaction_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("interaction_brand_id_brand_agent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "contract_version_id"],
            ["pv.contract_version.brand_id", "pv.contract_version.id"],
            name=op.f("interaction_brand_id_contract_version_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "conversation_id"],
            ["pv.conversation.brand_id", "pv.conversation.id"],
            name=op.f("interaction_brand_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "follows_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("interaction_brand_id_follows_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("interaction_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("interaction_pkey")),
        schema="pv",
    )
    op.create_index(
        "interaction_conversation",
        "interaction",
        ["brand_id", "conversation_id", "opened_at"],
        unique=False,
        schema="pv",
    )
    op.create_index(
        "interaction_holder",
        "interaction",
        ["brand_id", "brand_agent_id"],
        unique=False,
        schema="pv",
        postgresql_where=sa.text("state = 'assigned'"),
    )
    op.create_index(
        "interaction_one_open_per_channel",
        "interaction",
        ["brand_id", "conversation_id", "channel"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "closure",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("disposition_id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("closure_brand_id_brand_agent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "disposition_id"],
            ["pv.disposition.brand_id", "pv.disposition.id"],
            name=op.f("closure_brand_id_disposition_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("closure_brand_id_interaction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("closure_pkey")),
        schema="pv",
    )
    op.create_index(
        "closure_interaction", "closure", ["brand_id", "interaction_id", "at"], unique=False, schema="pv"
    )
    op.create_table(
        "handling_segment",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("part IN ('handling', 'acw')", name=op.f("handling_segment_part_check")),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= started_at", name=op.f("handling_segment_forward_check")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("handling_segment_brand_id_brand_agent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("handling_segment_brand_id_interaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("handling_segment_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("handling_segment_pkey")),
        schema="pv",
    )
    op.create_index(
        "handling_segment_interaction",
        "handling_segment",
        ["brand_id", "interaction_id"],
        unique=False,
        schema="pv",
    )
    op.create_index(
        "handling_segment_open",
        "handling_segment",
        ["brand_id", "brand_agent_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("direction IN ('in', 'out', 'note')", name=op.f("message_direction_check")),
        sa.CheckConstraint(
            "state IN ('received', 'noted', 'queued', 'sending', 'sent', 'failed', 'uncertain')",
            name=op.f("message_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("message_brand_id_brand_agent_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "conversation_id"],
            ["pv.conversation.brand_id", "pv.conversation.id"],
            name=op.f("message_brand_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("message_brand_id_interaction_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("message_pkey")),
        schema="pv",
    )
    op.create_index(
        "message_conversation", "message", ["brand_id", "conversation_id", "at"], unique=False, schema="pv"
    )
    op.create_index(
        "message_interaction", "message", ["brand_id", "interaction_id", "at"], unique=False, schema="pv"
    )
    op.create_table(
        "work_item",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'assigned', 'done')", name=op.f("work_item_state_check")),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("work_item_brand_id_interaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("work_item_brand_id_lob_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "queue_id"],
            ["pv.queue.brand_id", "pv.queue.id"],
            name=op.f("work_item_brand_id_queue_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "interaction_id", name=op.f("work_item_pkey")),
        schema="pv",
    )
    op.create_index(
        "work_item_waiting",
        "work_item",
        ["brand_id", "due_at"],
        unique=False,
        schema="pv",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "attachment",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=True),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("attachment_brand_id_file_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "message_id"],
            ["pv.message.brand_id", "pv.message.id"],
            name=op.f("attachment_brand_id_message_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("attachment_pkey")),
        schema="pv",
    )
    op.create_index("attachment_message", "attachment", ["brand_id", "message_id"], unique=False, schema="pv")
    op.create_table(
        "inbound_event",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('done', 'quarantined', 'released', 'bounce')", name=op.f("inbound_event_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("inbound_event_brand_id_file_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "message_id"],
            ["pv.message.brand_id", "pv.message.id"],
            name=op.f("inbound_event_brand_id_message_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["pv.endpoint.id"], name=op.f("inbound_event_endpoint_id_fkey")
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("inbound_event_pkey")),
        sa.UniqueConstraint(
            "brand_id",
            "endpoint_id",
            "dedupe_key",
            name=op.f("inbound_event_brand_id_endpoint_id_dedupe_key_key"),
        ),
        schema="pv",
    )
    op.create_index(
        "inbound_event_state",
        "inbound_event",
        ["brand_id", "state", "received_at"],
        unique=False,
        schema="pv",
    )
    op.create_table(
        "mail",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("rfc_id", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("mail_brand_id_file_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "mailbox_id"],
            ["pv.mailbox.brand_id", "pv.mailbox.id"],
            name=op.f("mail_brand_id_mailbox_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "message_id"],
            ["pv.message.brand_id", "pv.message.id"],
            name=op.f("mail_brand_id_message_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "message_id", name=op.f("mail_pkey")),
        schema="pv",
    )
    op.create_index("mail_rfc_id", "mail", ["brand_id", "rfc_id"], unique=False, schema="pv")
    for table, kind, append_only, in_reports in WALLS:
        for statement in wall(table, kind, append_only=append_only, in_reports=in_reports):
            op.execute(statement)
    for signature, returns, body, callers in LOOK_UPS:
        for statement in definer_function(signature, returns, body, callers):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first release has nothing before it: restore a backup instead")
