from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_bench import AppBench
from tests.support.fake_world.fixture import fake_world

__all__ = ["fake_world"]


@pytest.fixture
def make_app(tmp_path: Path, database_url: str) -> Iterator[Callable[..., AppBench]]:
    """Starts applications on one library and database; each is stopped at the end."""
    with ExitStack() as stack:

        def make(**settings: Any) -> AppBench:
            return stack.enter_context(AppBench(tmp_path, database_url, **settings))

        yield make


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    return make_app()
