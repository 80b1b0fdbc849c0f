"""A preview says how it was made where its file does, and is a preview all the same where it does not."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support.app_bench import AppBench
from tests.support.model_files import write_safetensors

INFOTEXT = "a quiet canal\nNegative prompt: lowres\nSteps: 28, Sampler: Euler a, CFG scale: 5, Seed: 7, Size: 832x1216"
SILENT = {"prompt": None, "generation": None, "has_workflow": False}


def make_picture(**texts: str) -> bytes:
    info, target = PngInfo(), io.BytesIO()
    for key, text in texts.items():
        info.add_itxt(key, text) if not text.isascii() else info.add_text(key, text)
    Image.new("RGB", (40, 60), "teal").save(target, "PNG", pnginfo=info)
    return target.getvalue()


def read_text_of(app: AppBench, picture: bytes, suffix: str = ".preview.png", **metadata: str) -> dict[str, Any]:
    path = app.models / "a.safetensors"
    write_safetensors(path, {"w": ("F16", (4, 4))}, {"title": "a", **metadata})
    if picture:
        path.with_suffix(suffix).write_bytes(picture)
    app.scan()
    (model,) = app.get("/api/models")["items"]
    return read_text(app, model["id"])


def read_text(app: AppBench, model_id: int) -> dict[str, Any]:
    (preview, *_) = app.get(f"/api/models/{model_id}")["previews"]
    text: dict[str, Any] = app.get(f"/api/models/{model_id}/previews/{preview['id']}/text")
    return text


def test_a_picture_of_a1111_tells_its_prompts_and_parameters(app: AppBench) -> None:
    text = read_text_of(app, make_picture(parameters=INFOTEXT))
    assert (text["prompt"], text["has_workflow"]) == ("a quiet canal", False)
    known = {key: value for key, value in text["generation"].items() if value}
    assert known == {
        "negative_prompt": "lowres",
        "sampler": "Euler a",
        "steps": 28,
        "cfg_scale": 5,
        "seed": "7",
        "size": "832x1216",
    }


def test_a_jpeg_tells_it_in_the_comment_of_its_exif(app: AppBench) -> None:
    exif, target = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + INFOTEXT.replace("canal", "運河").encode("utf-16-be")
    Image.new("RGB", (40, 60), "teal").save(target, "JPEG", exif=exif)
    assert read_text_of(app, target.getvalue(), ".preview.jpg")["prompt"] == "a quiet 運河"


def test_a_workflow_of_comfyui_is_told_of(app: AppBench) -> None:
    picture = make_picture(prompt='{"3": {"class_type": "KSampler"}}', workflow='{"nodes": []}')
    assert read_text_of(app, picture) == {**SILENT, "has_workflow": True}


def test_the_cover_in_a_model_file_tells_it_too(app: AppBench) -> None:
    cover = base64.b64encode(make_picture(parameters=INFOTEXT)).decode()
    assert read_text_of(app, b"", ssmd_cover_images=json.dumps([cover]))["prompt"] == "a quiet canal"


def test_a_preview_of_ones_own_tells_it_too(app: AppBench) -> None:
    assert read_text_of(app, make_picture()) == SILENT
    (model,) = app.get("/api/models")["items"]
    headers = {"Content-Type": "image/png"}
    picture = make_picture(parameters="運河")
    app.request("PUT", f"/api/models/{model['id']}/preview", 200, content=picture, headers=headers)
    assert read_text(app, model["id"])["prompt"] == "運河"


@pytest.mark.parametrize(
    "picture",
    [
        make_picture(),
        make_picture(parameters=INFOTEXT)[:60],
        make_picture(parameters="x" * 2_000_000),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_a_picture_that_says_nothing_or_is_broken_fails_nothing(app: AppBench, picture: bytes) -> None:
    assert read_text_of(app, picture) == SILENT


def test_there_is_no_text_of_a_preview_that_is_not_there(app: AppBench) -> None:
    read_text_of(app, make_picture())
    (model,) = app.get("/api/models")["items"]
    for preview_id in (0, 999):
        app.request("GET", f"/api/models/{model['id']}/previews/{preview_id}/text", 404)
