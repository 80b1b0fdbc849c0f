from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from tests.support.library_bench import LibraryBench


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")
