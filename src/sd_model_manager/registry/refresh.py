"""Brings what is derived of contents up to date after their locations changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from sd_model_manager.registry.placement import refresh_placement
from sd_model_manager.registry.published import refresh_listings


def refresh(connection: Connection, content_ids: Sequence[int], *, also_listed: Iterable[int] = ()) -> None:
    """Where they lie; and what a list shows of those that lie elsewhere now (a name may come from the file's), and of
    `also_listed`."""
    moved = refresh_placement(connection, content_ids)
    refresh_listings(connection, dict.fromkeys([*moved, *also_listed]))
