"""Alembic migrations. `uv run poe migration "what changes"` drafts the next one from `tables.py`."""
