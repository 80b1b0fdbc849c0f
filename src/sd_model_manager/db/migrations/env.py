"""Alembic's entry: always online, always on a connection it was given."""

from __future__ import annotations

from alembic import context

from sd_model_manager.db.tables import is_ours, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
    transactional_ddl=False,  # the caller's transaction is the transaction
)
context.run_migrations()
