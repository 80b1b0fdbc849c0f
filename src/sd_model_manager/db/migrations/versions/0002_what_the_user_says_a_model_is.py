"""what the user says a model is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # never recreated: SQLite would empty every table that refers to this one with the old table's end
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('own_type', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('own_base_model', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('own_tags', sa.JSON(), server_default='[]', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('own_tags')
        batch_op.drop_column('own_base_model')
        batch_op.drop_column('own_type')
