"""what sources answered to hashes, what the user says of a match, and updates to keep quiet about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sd_model_manager.db.tables import UtcDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ignored_updates',
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('ignored_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('source', 'kind', 'key', name=op.f('pk_ignored_updates'))
    )
    op.create_table('lookups',
    sa.Column('content_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('hash_kind', sa.String(length=16), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('misses', sa.Integer(), nullable=False),
    sa.Column('missed_since', UtcDateTime(timezone=True), nullable=True),
    sa.Column('looked_up_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('again_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_lookups_content_id_contents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('content_id', 'source', name=op.f('pk_lookups'))
    )
    with op.batch_alter_table('published_versions', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('published_at', UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_published_versions_source_model_id', ['source', 'model_id'], unique=False)

    _copy_publishing_times()
    # never recreated: SQLite would empty every table that refers to this one with the old table's end
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('own_match', sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('own_match')

    with op.batch_alter_table('published_versions', schema=None, recreate='never') as batch_op:
        batch_op.drop_index('ix_published_versions_source_model_id')
        batch_op.drop_column('published_at')

    op.drop_table('lookups')
    op.drop_table('ignored_updates')


def _copy_publishing_times() -> None:
    """From the bodies, which have them in UTC as RFC 3339; SQLite keeps times as text with a space."""
    said = "body ->> 'published_at'"
    if op.get_bind().dialect.name == "postgresql":
        moment = f"CAST({said} AS timestamptz)"
    else:
        moment = f"replace(substr({said}, 1, 19), 'T', ' ') || '.000000'"
    op.execute(f"UPDATE published_versions SET published_at = {moment} WHERE {said} IS NOT NULL")
