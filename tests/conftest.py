"""What every test may ask for: a database of its own, on SQLite or on the PostgreSQL that is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from sd_model_manager.db.engine import Database, open_database, sqlite_url
from sd_model_manager.db.tables import metadata

hypothesis.settings.register_profile("ours", deadline=None, print_blob=True)  # no test asserts a time
hypothesis.settings.load_profile("ours")

POSTGRESQL_URL = os.environ.get("SDMM_TEST_DATABASE_URL", "")


@pytest.fixture(autouse=True)
def _only_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("SDMM_") and name != "SDMM_TEST_DATABASE_URL":
            monkeypatch.delenv(name)
    for name in ("CIVITAI_API_KEY", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """A database of this test process on the given server, made anew."""
    url = make_url(POSTGRESQL_URL)
    name = f"sdmm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return str(url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRESQL_URL else ["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "registry.db")
    url: str = request.getfixturevalue("postgresql_url")
    database = open_database(url)
    with database.write() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    database.close()
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()
