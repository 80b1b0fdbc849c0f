"""Other tools' files are written and put back from the page, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.support.axe import find_violations
from tests.support.model_files import write_safetensors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

WRITTEN = '{\n  "mine": 1.50,\n  "activation text": "ink"\n}\n'


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Server]:
    """Two LoRAs; another tool wrote beside the first."""
    loras = tmp_path / "models/loras"
    loras.mkdir(parents=True)
    for name in ("ink", "tea"):
        write_safetensors(loras / f"{name}.safetensors", {"lora_unet_x.lora_down.weight": ("F16", (4, 4))}, {"n": name})
    (loras / "ink.json").write_text(WRITTEN)
    with Server(tmp_path, hash_in_background="false") as started:
        yield started


def test_files_of_other_tools_are_planned_written_and_put_back(library: Server, page: Page) -> None:
    ink = library.models / "loras/ink.json"
    page.emulate_media(reduced_motion="reduce")
    page.goto(library.url)
    page.get_by_role("link", name=re.compile("ink")).click()
    page.get_by_role("button", name="Show ink.json").click()
    expect(page.get_by_role("region", name="Text of ink.json")).to_contain_text('"mine": 1.50')
    assert find_violations(page) == []
    page.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("list", name="Where the rest is from")).to_contain_text("Trigger words: From A1111, Forge")
    page.get_by_role("textbox", name="Notes").fill("At dusk.")
    page.get_by_role("textbox", name="Notes").blur()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()

    page.get_by_role("button", name="Write to other tools’ files…").click()
    dialog = page.get_by_role("dialog", name="Write to other tools’ files")
    dialog.get_by_role("checkbox", name=re.compile("A1111, Forge")).check()
    dialog.get_by_role("checkbox", name=re.compile("LoRA Manager")).check()
    dialog.get_by_role("button", name="Show what would be written").click()
    expect(dialog.get_by_text("1 file would be written")).to_be_visible()
    expect(dialog.get_by_text("1 would be left as it is")).to_be_visible()
    assert find_violations(page) == []
    assert ink.read_text() == WRITTEN

    dialog.get_by_role("button", name="Write 1 file").click()
    expect(page.get_by_text("1 file written, 1 left as it is")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert json.loads(ink.read_text())["notes"] == "At dusk."
    assert '"mine": 1.50' in ink.read_text()
    assert find_violations(page) == []
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("1 file put back")).to_be_visible()
    assert ink.read_text() == WRITTEN
    page.goto(f"{library.url}/tasks")
    expect(page.get_by_text("Putting files of other tools back")).to_be_visible()
    assert find_violations(page) == []
