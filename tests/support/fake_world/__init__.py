"""A fake Civitai and Hugging Face of real HTTP servers on loopback, with models whose bytes are as their hashes say.

with FakeWorld() as world:
    model = world.add_model("Quiet Harbour", size_bytes=1_000_000)
    world.fault("cut", after_bytes=5000)
    ... fetch world.page_url(model) with civitai_base_url=world.api_url ...
    assert not world.list_leaks()
"""

from tests.support.fake_world.library import BRUSH, HARBOR, LANTERN, TIDEWATER, FakeFile, FakeModel, FakeVersion
from tests.support.fake_world.payloads import Payload, make_raw, make_safetensors
from tests.support.fake_world.world import GOOD_KEY, Account, FakeWorld

__all__ = [
    "BRUSH", "GOOD_KEY", "HARBOR", "LANTERN", "TIDEWATER", "Account", "FakeFile", "FakeModel", "FakeVersion",
    "FakeWorld", "Payload", "make_raw", "make_safetensors",
]  # fmt: skip
