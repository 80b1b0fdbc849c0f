"""how mature the user says a model is, and creators of models whose pictures nobody rated"""

from __future__ import annotations

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # never recreated: SQLite would empty every table that refers to this one with the old table's end
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('own_mature_bits', sa.Integer(), nullable=True))
    _rate_what_creators_call_mature()


def downgrade() -> None:
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('own_mature_bits')


def _rate_what_creators_call_mature() -> None:
    """As R, the first level that is mature, where Civitai's answer was kept and has no other."""
    versions = sa.table('published_versions', sa.column('id'), sa.column('nsfw_level'), sa.column('raw'))
    unrated = sa.select(versions.c.id, versions.c.raw).where(versions.c.nsfw_level == 0, versions.c.raw.is_not(None))
    connection = op.get_bind()
    flagged = [row.id for row in connection.execute(unrated) if _is_called_mature(row.raw)]
    for start in range(0, len(flagged), 500):
        some = versions.c.id.in_(flagged[start : start + 500])
        connection.execute(sa.update(versions).where(some).values(nsfw_level=4))


def _is_called_mature(raw: bytes) -> bool:
    try:
        answer = json.loads(zlib.decompress(raw))
    except (zlib.error, ValueError):
        return False
    about = answer.get('model') if isinstance(answer, dict) else None
    return isinstance(about, dict) and about.get('nsfw') is True
