"""The customer's profile: attributes a brand defines, their values, consents with source and proof, who changed what."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_customer_profile"
down_revision = "20261126_brand_signals"
branch_labels = None
depends_on = None

CHANNELS = "preferred_channel IN ('', 'email', 'phone', 'sms', 'whatsapp')"
MOMENTS = "preferred_moment IN ('', 'morning', 'midday', 'afternoon', 'evening')"
KINDS = "kind IN ('text', 'number', 'date', 'choice', 'yes_no')"
PURPOSES = "purpose IN ('marketing', 'surveys', 'profiling', 'third_parties')"
CONSENT_CHANNELS = "channel IN ('any', 'email', 'phone', 'sms', 'whatsapp', 'post')"
GROWING = ("customer_consent", "customer_change")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _customer()
    _attributes()
    _consents()
    _changes()
    for table in ("customer_attribute", "customer_value"):
        for statement in wall(table, "tenant"):
            op.execute(statement)
    for table in GROWING:
        for statement in wall(table, "tenant", append_only=True):
            op.execute(statement)


def _customer() -> None:
    op.add_column(
        "customer",
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        schema="pv",
    )
    for name in ("needs", "preferred_channel", "preferred_moment", "note"):
        op.add_column("customer", sa.Column(name, sa.Text(), nullable=False, server_default=""), schema="pv")
    for name, rule in (("preferred_channel", CHANNELS), ("preferred_moment", MOMENTS)):
        op.create_check_constraint(op.f(f"customer_{name}_check"), "customer", rule, schema="pv")
    op.create_index(
        "customer_identity_customer", "customer_identity", ["brand_id", "customer_id"], schema="pv"
    )


def _attributes() -> None:
    op.create_table(
        "customer_attribute",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("customer_attribute_kind_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("customer_attribute_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_attribute_pkey")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("customer_attribute_brand_id_key_key")),
        schema="pv",
    )
    op.create_table(
        "customer_value",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("attribute_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _owned("customer_value", "customer_id", "customer"),
        _owned("customer_value", "attribute_id", "customer_attribute"),
        sa.PrimaryKeyConstraint("brand_id", "customer_id", "attribute_id", name=op.f("customer_value_pkey")),
        schema="pv",
    )


def _consents() -> None:
    op.create_table(
        "customer_consent",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(PURPOSES, name=op.f("customer_consent_purpose_check")),
        sa.CheckConstraint(CONSENT_CHANNELS, name=op.f("customer_consent_channel_check")),
        _owned("customer_consent", "customer_id", "customer"),
        _owned("customer_consent", "brand_agent_id", "brand_agent"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_consent_pkey")),
        schema="pv",
    )
    op.create_index(
        "customer_consent_customer", "customer_consent", ["brand_id", "customer_id", "at"], schema="pv"
    )


def _changes() -> None:
    op.create_table(
        "customer_change",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("attribute_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        _owned("customer_change", "customer_id", "customer"),
        _owned("customer_change", "brand_agent_id", "brand_agent"),
        _owned("customer_change", "attribute_id", "customer_attribute"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_change_pkey")),
        schema="pv",
    )
    op.create_index(
        "customer_change_customer", "customer_change", ["brand_id", "customer_id", "at"], schema="pv"
    )


def _owned(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{target}.brand_id", f"pv.{target}.id"],
        name=op.f(f"{table}_brand_id_{column}_fkey"),
    )


def downgrade() -> None:
    for table in (*GROWING, "customer_value", "customer_attribute"):
        op.drop_table(table, schema="pv")
    op.drop_index("customer_identity_customer", "customer_identity", schema="pv")
    for name in ("version", "needs", "preferred_channel", "preferred_moment", "note"):
        op.drop_column("customer", name, schema="pv")
