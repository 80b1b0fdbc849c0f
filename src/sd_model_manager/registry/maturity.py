"""How mature contents are: as the user says, else as the published versions do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, true

from sd_model_manager.db.tables import contents, published_versions

MATURE_BITS: ColumnElement[int] = func.coalesce(contents.c.own_mature_bits, published_versions.c.nsfw_level, 0)
"""As `domain/maturity.py` explains them; for queries from `with_published`."""


def with_published(source: FromClause = contents) -> Any:
    """Contents, with the version that each is where that is known."""
    return source.outerjoin(published_versions, published_versions.c.id == contents.c.published_id)


def is_shown(mature_below: int | None) -> ColumnElement[bool]:
    """To somebody from whom what has this bit or a higher one is kept; `None` for nothing."""
    return true() if mature_below is None else mature_below > MATURE_BITS
