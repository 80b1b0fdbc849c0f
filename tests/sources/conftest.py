"""Tests of sources talk to a real HTTP server: the fake Civitai."""

from tests.support.fake_world.fixture import fake_world

__all__ = ["fake_world"]
