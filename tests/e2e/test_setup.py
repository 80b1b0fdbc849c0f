"""From nothing to a filled library, and from there to a ComfyUI that sees it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.test_journeys import card, fill
from tests.support.axe import find_violations
from tests.support.engine_trees import make_comfyui, make_tree

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with a ComfyUI that has models, and another without."""
    folder = make_tree(tmp_path / "home", folders=("Documents",))
    fill(make_comfyui(folder / "AI/ComfyUI") / "models/set")
    make_comfyui(folder / "ComfyUI-new")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[Server]:
    with Server(tmp_path) as started:
        yield started


def test_the_guide_leads_from_nothing_to_a_filled_library(server: Server, page: Page, home: Path) -> None:
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Welcome. Let us find your models.")).to_be_visible()
    models = page.get_by_role("checkbox", name=str(home / "AI/ComfyUI/models"))
    expect(models).to_be_checked()
    expect(page.get_by_role("checkbox", name=str(home / "ComfyUI-new/models"))).not_to_be_checked()
    assert find_violations(page) == []
    page.get_by_role("button", name="Add what is ticked and go on").click()
    expect(page.get_by_role("heading", name="What may be looked up?")).to_be_visible()
    expect(page.get_by_label("Civitai API key")).to_be_visible()
    assert find_violations(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("3 models in your library")).to_be_visible()
    assert find_violations(page) == []
    page.get_by_role("button", name="Open the library").click()
    expect(card(page, "ink wash")).to_be_visible()


def test_the_guide_can_be_skipped_and_opened_again(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Skip the guide").click()
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("setup")
    page.get_by_role("option", name=re.compile("Setup guide")).click()
    expect(page.get_by_role("heading", name="Where do your models lie?")).to_be_visible()


def test_a_folder_is_picked_and_added(server: Server, page: Page, home: Path) -> None:
    fill(home / "Documents/my models")
    page.goto(server.url)
    page.get_by_role("button", name="Browse").click()
    picker = page.get_by_role("dialog", name="Choose a folder")
    picker.get_by_role("button", name=str(home), exact=True).click()
    picker.get_by_role("button", name="Documents").click()
    picker.get_by_role("button", name="my models").click()
    expect(picker.get_by_text(str(home / "Documents/my models"))).to_be_visible()
    assert find_violations(page) == []
    picker.get_by_role("button", name="Choose this folder").click()
    library = page.get_by_role("list", name="Library folders")
    expect(library.get_by_text(str(home / "Documents/my models"))).to_be_visible()
    page.get_by_role("button", name="Skip the guide").click()
    expect(card(page, "neon city")).to_be_visible()


def test_comfyui_is_told_of_the_library_and_that_is_taken_back(server: Server, page: Page, home: Path) -> None:
    file = home / "ComfyUI-new/extra_model_paths.yaml"
    file.write_text("# my own\na111:\n  vae: /v\n")
    page.goto(f"{server.url}/settings#comfyui")
    page.get_by_label("Folder of ComfyUI").click()
    page.get_by_role("button", name=f"ComfyUI: {file.parent}").click()
    changes = page.get_by_role("region", name="What would change")
    expect(changes).to_contain_text("+sd_model_manager:")
    expect(changes).to_contain_text(str(server.models / "loras"))
    page.get_by_text("Show the text to copy by hand").click()
    expect(page.get_by_role("region", name="Section for extra_model_paths.yaml")).to_be_visible()
    assert find_violations(page) == []
    page.get_by_role("button", name="Write the file").click()
    expect(page.get_by_text(re.compile("^Written to"))).to_be_visible()
    assert file.read_text().startswith("# my own\na111:\n  vae: /v\n\n# The library folders")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile("is as it was before"))).to_be_visible()
    assert file.read_text() == "# my own\na111:\n  vae: /v\n"
