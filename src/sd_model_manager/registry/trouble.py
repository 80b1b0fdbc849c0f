"""What is to blame on the database's disk, connection or lock, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from sd_model_manager.db.engine import DatabaseUnusable


@contextmanager
def naming_trouble() -> Iterator[None]:
    """Around one transaction. Raises DatabaseUnusable where it could not be kept."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnusable(
            f"The database did not take in what was found ({error.orig}). What it took in before is kept. See that "
            "its disk has room and that no other program holds it, then scan again."
        ) from error
