"""The pytest fixture; a `conftest.py` that imports it offers it to its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fake_world.world import FakeWorld


@pytest.fixture
def fake_world() -> Iterator[FakeWorld]:
    """A fake Civitai of this test's own; afterwards no key and no cookie may have gone astray."""
    with FakeWorld() as world:
        yield world
        assert world.list_leaks() == []
