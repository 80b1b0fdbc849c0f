"""Pictures are looked at with how they were made, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.server import Server
from tests.e2e.test_discover import answer_picture
from tests.support.axe import find_violations
from tests.support.model_files import write_safetensors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

HOST = "https://image.civitai.com/x"
INFOTEXT = "a quiet canal\nNegative prompt: lowres\nSteps: 28, Sampler: Euler a, CFG scale: 5, Seed: 7, Size: 832x1216"


@pytest.fixture
def library(tmp_path: Path, context: BrowserContext) -> Iterator[Server]:
    """One model, with a picture beside it and two at its source."""
    context.route("https://image.civitai.com/**", answer_picture)
    fill(tmp_path / "models")
    with Server(tmp_path, hash_in_background="false", watch="false") as started:
        yield started


def fill(folder: Path) -> None:
    folder.mkdir()
    path = folder / "lantern.safetensors"
    write_safetensors(path, {"w": ("F16", (4, 4))}, {"title": "lantern"})
    texts = PngInfo()
    texts.add_text("parameters", INFOTEXT)
    Image.new("RGB", (832, 1216), "teal").save(path.with_suffix(".preview.png"), pnginfo=texts)
    meta = {
        "prompt": "paper lantern over a quiet canal, soft rim light, reflections on the water, dusk",
        "negativePrompt": "lowres, blurry, jpeg artefacts",
        "sampler": "DPM++ 2M",
        "Schedule type": "Karras",
        "steps": "28",
        "cfgScale": 5.5,
        "seed": 630071407,
        "Size": "832x1216",
        "Model": "waiNSFWIllustrious_v140_with_a_very_long_name",
        "resources": [{"type": "lora", "name": "paper_lantern_v2", "weight": 0.8}],
        "civitaiResources": [{"type": "embed", "modelVersionId": 9100303}],
    }
    image = {"nsfwLevel": 1, "width": 832, "height": 1216, "type": "image"}
    answer = {
        "id": 1,
        "modelId": 10,
        "name": "v1",
        "nsfwLevel": 1,
        "baseModel": "Pony",
        "model": {"name": "Paper Lantern Style", "type": "LORA"},
        "files": [],
        "images": [
            {**image, "url": f"{HOST}/3fc1350a-1c4e-f9b8-228e-86ecb87bec57/original=true/1.jpeg", "meta": meta},
            {**image, "url": f"{HOST}/8fa255ff-b19f-0eb6-e422-049e338d5a61/original=true/2.jpeg", "meta": None},
        ],
    }
    path.with_suffix(".civitai.info").write_text(json.dumps(answer), "utf-8")


def open_model(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?q=lantern")
    page.get_by_role("link", name="Paper Lantern Style").click()
    expect(page.get_by_role("button", name="Load 2 pictures from the web")).to_be_visible()


def test_pictures_are_looked_at_by_keyboard_and_their_text_is_copied(library: Server, page: Page) -> None:
    open_model(library, page)
    opener = page.get_by_role("button", name="Show the picture large")
    opener.press("Enter")
    viewer = page.get_by_role("dialog", name="Paper Lantern Style")
    viewer.get_by_role("button", name="Copy all").click()
    page.wait_for_function("async text => (await navigator.clipboard.readText()) === text", arg=INFOTEXT)
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(opener).to_be_focused()
    page.get_by_role("button", name="Load 2 pictures from the web").click()
    page.get_by_role("button", name="Show picture 1 large").press("Enter")
    expect(viewer.get_by_text("DPM++ 2M")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("How this was made is not told.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("Picture 1 of 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Show picture 1 large")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_viewer_is_for_everybody(library: Server, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_model(library, page)
    page.get_by_role("button", name="Load 2 pictures from the web").click()
    page.get_by_role("button", name="Show picture 1 large").click()
    expect(page.get_by_role("button", name="Copy all")).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('[role=dialog] img')].some(img => img.naturalWidth > 0)")
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
