"""search in memory and in an index of words; claimed hashes, saved searches, collections"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

from sd_model_manager.db.tables import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

log = logging.getLogger(__name__)


def upgrade() -> None:
    op.create_table('collections',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collections')),
    sa.UniqueConstraint('name', name=op.f('uq_collections_name'))
    )
    op.create_table('removed_contents',
    sa.Column('content_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('content_id', name=op.f('pk_removed_contents'))
    )
    with op.batch_alter_table('removed_contents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_removed_contents_revision'), ['revision'], unique=False)

    op.create_table('revisions',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revisions'))
    )
    op.create_table('saved_searches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('wanted', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_searches')),
    sa.UniqueConstraint('name', name=op.f('uq_saved_searches_name'))
    )
    op.create_table('claimed_hashes',
    sa.Column('content_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('seen_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_claimed_hashes_content_id_contents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('content_id', 'kind', 'origin', name=op.f('pk_claimed_hashes'))
    )
    with op.batch_alter_table('claimed_hashes', schema=None) as batch_op:
        batch_op.create_index('ix_claimed_hashes_digest', ['digest'], unique=False)

    op.create_table('collection_models',
    sa.Column('collection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('content_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_collection_models_collection_id_collections'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_collection_models_content_id_contents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('collection_id', 'content_id', name=op.f('pk_collection_models'))
    )
    with op.batch_alter_table('collection_models', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collection_models_content_id'), ['content_id'], unique=False)

    op.create_table('search_texts',
    sa.Column('content_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('indexed_in', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_search_texts_content_id_contents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('content_id', name=op.f('pk_search_texts'))
    )
    with op.batch_alter_table('search_texts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_texts_indexed_in'), ['indexed_in'], unique=False)

    op.execute("INSERT INTO revisions (id, value) VALUES (1, 0)")
    op.execute("INSERT INTO search_texts (content_id, text) SELECT id, search_text FROM contents")
    op.drop_table('content_tags')
    # never recreated: SQLite would empty every table that refers to this one with the old table's end
    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('network', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('rank', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('has_problems', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('own_preview', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('revision', sa.BigInteger(), server_default='0', nullable=False))
        batch_op.create_index(batch_op.f('ix_contents_revision'), ['revision'], unique=False)
        batch_op.drop_column('search_text')
    _copy_from_identity()
    _index_words()

    with op.batch_alter_table('previews', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=16), server_default='file', nullable=False))



def downgrade() -> None:
    _drop_index_of_words()
    with op.batch_alter_table('previews', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('origin')

    with op.batch_alter_table('contents', schema=None, recreate='never') as batch_op:
        batch_op.add_column(sa.Column('search_text', sa.TEXT(), server_default='', nullable=False))
        batch_op.drop_index(batch_op.f('ix_contents_revision'))
        batch_op.drop_column('revision')
        batch_op.drop_column('own_preview')
        batch_op.drop_column('has_problems')
        batch_op.drop_column('rank')
        batch_op.drop_column('network')

    op.create_table('content_tags',
    sa.Column('content_id', sa.INTEGER(), nullable=False),
    sa.Column('tag', sa.VARCHAR(length=200), nullable=False),
    sa.Column('origin', sa.VARCHAR(length=16), nullable=False),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_content_tags_content_id_contents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('content_id', 'tag', name=op.f('pk_content_tags'))
    )
    with op.batch_alter_table('content_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_content_tags_tag'), ['tag', 'content_id'], unique=False)

    with op.batch_alter_table('search_texts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_texts_indexed_in'))

    op.drop_table('search_texts')
    with op.batch_alter_table('collection_models', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_collection_models_content_id'))

    op.drop_table('collection_models')
    with op.batch_alter_table('claimed_hashes', schema=None) as batch_op:
        batch_op.drop_index('ix_claimed_hashes_digest')

    op.drop_table('claimed_hashes')
    op.drop_table('saved_searches')
    op.drop_table('revisions')
    with op.batch_alter_table('removed_contents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_removed_contents_revision'))

    op.drop_table('removed_contents')
    op.drop_table('collections')


def _copy_from_identity() -> None:
    of_content = "FROM content_headers WHERE content_id = contents.id"
    op.execute(
        f"UPDATE contents SET network = (SELECT identity ->> 'network' {of_content}), "
        f"rank = (SELECT CAST(identity ->> 'rank' AS INTEGER) {of_content}), "
        f"has_problems = coalesce((SELECT json_array_length(identity -> 'problems') > 0 {of_content}), false)"
    )


def _index_words() -> None:
    """A text is put into the index when `indexed_in` is set, and taken out before it changes or goes."""
    if op.get_bind().dialect.name == "postgresql":
        _index_trigrams()
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(text, content='search_texts', content_rowid='content_id', "
        "tokenize='unicode61 remove_diacritics 0', detail=none)"
    )
    op.execute("CREATE VIRTUAL TABLE search_index_terms USING fts5vocab(search_index, 'row')")
    remove = "INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', old.content_id, old.text)"
    op.execute(
        "CREATE TRIGGER search_texts_changed BEFORE UPDATE OF text ON search_texts "
        f"WHEN old.indexed_in IS NOT NULL BEGIN {remove}; END"
    )
    op.execute(
        "CREATE TRIGGER search_texts_gone BEFORE DELETE ON search_texts "
        f"WHEN old.indexed_in IS NOT NULL BEGIN {remove}; END"
    )
    op.execute(
        "CREATE TRIGGER search_texts_indexed AFTER UPDATE OF indexed_in ON search_texts "
        "WHEN new.indexed_in IS NOT NULL AND old.indexed_in IS NULL "
        "BEGIN INSERT INTO search_index (rowid, text) VALUES (new.content_id, new.text); END"
    )


def _index_trigrams() -> None:
    """Without the extension, or the right to make it, searching is slower and finds the same."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError:
        log.warning("PostgreSQL has no pg_trgm here: searching for words will be slow. Its administrator can add it.")
        return
    op.execute("CREATE INDEX search_index_trigrams ON search_texts USING gin (text gin_trgm_ops)")


def _drop_index_of_words() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS search_index_trigrams")
        return
    for name in ("search_texts_changed", "search_texts_gone", "search_texts_indexed"):
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE search_index_terms")
    op.execute("DROP TABLE search_index")
