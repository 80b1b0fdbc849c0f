"""What a file really is, known before it is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.app_bench import AppBench, settings_of
from tests.support.fake_world.library import FakeFile
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


def test_terms_rating_and_early_access_are_told_before_anything_is_fetched(
    app: AppBench, fake_world: FakeWorld
) -> None:
    model = fake_world.add_model("Quiet Harbour", nsfw_level=5)
    model.facts |= {"allowCommercialUse": ["Image"], "allowNoCredit": False}
    model.versions[0].facts["paidAccess"] = {"permanent": False, "endsAt": "2999-05-03T12:00:00.000Z"}
    seen = app.post("/api/download/inspect", {"url": fake_world.page_url(model)})
    assert seen["nsfw_level"] == 5
    assert seen["licence"].startswith("credit required; commercial use: selling images")
    assert seen["available_from"] == "2999-05-03T12:00:00Z"
    assert "EARLY_ACCESS" in codes(seen)


def test_where_nothing_is_said_of_terms_nothing_is_told(app: AppBench, fake_world: FakeWorld) -> None:
    seen = inspect(app, fake_world, None)
    assert seen["available_from"] is None
    assert seen["nsfw_level"] == 1


def test_a_pickle_is_marked_among_the_files(app: AppBench, fake_world: FakeWorld) -> None:
    seen = inspect(app, fake_world, None, file_format="PickleTensor", size_bytes=3000)
    assert [file["is_pickle"] for file in seen["files"]] == [True]
    assert "PICKLE" in codes(seen)


def test_the_file_that_is_chosen_is_the_one_that_is_looked_at(app: AppBench, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Harbour", payload=make_lora(context=2048, width=640))
    version = model.versions[0]
    other = FakeFile(77, {**version.files[0].facts, "id": 77, "name": "other.safetensors"}, version.files[0].payload)
    other.payload = make_lora(context=768, width=640, rank=16)
    version.files.append(other)
    wish = {"url": fake_world.page_url(model)}
    assert app.post("/api/download/inspect", wish)["identity"]["rank"] == 8
    seen = app.post("/api/download/inspect", {**wish, "file_id": 77})
    assert seen["identity"]["rank"] == 16
    assert seen["path"].endswith("other.safetensors")
    assert [file["file_id"] for file in seen["files"] if file["is_chosen"]] == ["77"]
