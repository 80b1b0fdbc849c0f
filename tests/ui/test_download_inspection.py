"""What a file really is, known before it is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.payloads import Payload, make_safetensors
from tests.support.fake_world.world import GOOD_KEY, FakeWorld

MakeApp = Callable[..., AppBench]
_ATTENTION = "lora_unet_{block}_attentions_1_transformer_blocks_0_attn2_to_k"


@pytest.fixture
def app(make_app: MakeApp, fake_world: FakeWorld) -> AppBench:
    return make_app(**settings_of(fake_world))


def make_lora(*, context: int, width: int, rank: int = 8, padding_bytes: int = 0) -> Payload:
    """A LoRA of cross-attention: what it reads has 768 numbers in SD 1.5 and 2,048 in SDXL."""
    name = _ATTENTION.format(block="down_blocks_1")
    tensors = {
        f"{name}.lora_down.weight": ("F16", [rank, context]),
        f"{name}.lora_up.weight": ("F16", [width, rank]),
        f"{name}.alpha": ("F16", []),
    }
    return make_safetensors(tensors, metadata={"padding": "x" * padding_bytes})


def inspect(app: AppBench, world: FakeWorld, payload: Payload | None, **model: Any) -> Any:
    made = world.add_model("Quiet Harbour", payload=payload, **{"type": "LORA", **model})
    return app.post("/api/download/inspect", {"url": world.page_url(made)})


def codes(seen: Any) -> set[str]:
    return {warning["code"] for warning in seen["warnings"]}


@pytest.mark.parametrize("padding_bytes", [0, 300_000])
def test_the_header_is_read_where_the_file_lies(app: AppBench, fake_world: FakeWorld, padding_bytes: int) -> None:
    payload = make_lora(context=2048, width=640, padding_bytes=padding_bytes)
    seen = inspect(app, fake_world, payload, base_model="SDXL 1.0")
    assert (seen["identity"]["type"], seen["identity"]["family"], seen["identity"]["rank"]) == ("lora", "sdxl", 8)
    assert codes(seen) & {"OTHER_TYPE", "OTHER_BASE_MODEL"} == set()
    ranges = [request.headers.get("range") for request in fake_world.requests_to("storage")]
    assert len(ranges) == (2 if padding_bytes else 1)
    assert all(ranges)


def test_a_file_for_another_base_model_than_its_page_says_is_warned_of(app: AppBench, fake_world: FakeWorld) -> None:
    seen = inspect(app, fake_world, make_lora(context=768, width=640), base_model="SDXL 1.0")
    assert seen["identity"]["family"] == "sd1"
    assert "OTHER_BASE_MODEL" in codes(seen)
    assert "SDXL 1.0" in next(w["message"] for w in seen["warnings"] if w["code"] == "OTHER_BASE_MODEL")


def test_a_file_of_another_type_than_its_page_says_is_warned_of(app: AppBench, fake_world: FakeWorld) -> None:
    seen = inspect(app, fake_world, make_lora(context=2048, width=640), type="Checkpoint", base_model="Pony")
    assert codes(seen) & {"OTHER_TYPE", "OTHER_BASE_MODEL"} == {"OTHER_TYPE"}


@pytest.mark.parametrize("fault", ["html", "ignore_range", "drop", "empty", "cut", "gzip"])
def test_a_header_that_cannot_be_had_is_no_failure(app: AppBench, fake_world: FakeWorld, fault: str) -> None:
    fake_world.fault(fault, times=None, after_bytes=20)
    seen = inspect(app, fake_world, make_lora(context=2048, width=640))
    assert seen["identity"] is None
    assert seen["size_bytes"]


def test_a_length_that_cannot_be_is_not_followed(app: AppBench, fake_world: FakeWorld) -> None:
    sound = make_lora(context=2048, width=640)
    hostile = Payload((2**40 - 1).to_bytes(8, "little") + sound.head[8:], sound.body_bytes, sound.body, "safetensors")
    assert inspect(app, fake_world, hostile)["identity"] is None
    assert len(fake_world.requests_to("storage")) == 1


def test_a_key_that_is_missing_is_no_failure(make_app: MakeApp, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    payload = make_lora(context=2048, width=640)
    assert inspect(make_app(**settings_of(fake_world)), fake_world, payload)["identity"] is None


def test_with_a_key_the_header_is_read_and_the_key_goes_nowhere_else(make_app: MakeApp, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    app = make_app(civitai_api_key=GOOD_KEY, **settings_of(fake_world))
    assert inspect(app, fake_world, make_lora(context=2048, width=640))["identity"]["family"] == "sdxl"
    assert fake_world.list_leaks() == []


def test_files_of_other_formats_are_not_looked_at(app: AppBench, fake_world: FakeWorld) -> None:
    assert inspect(app, fake_world, None, file_format="PickleTensor", size_bytes=3000)["identity"] is None
    assert fake_world.requests_to("storage") == []


def test_a_redirect_into_the_private_network_is_not_followed(app: AppBench, fake_world: FakeWorld) -> None:
    fake_world.fault("redirect", server="api", text="https://169.254.169.254/latest", times=None)
    assert inspect(app, fake_world, make_lora(context=2048, width=640))["identity"] is None
    assert fake_world.requests_to("storage") == []
