"""Mature content is kept from view, and newer versions are found and fetched, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import Server
from tests.support.axe import find_violations
from tests.support.fake_world.world import FakeWorld
from tests.support.model_files import write_safetensors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

REVEAL = "Show the mature picture of Velvet"


def add_mature_model(folder: Path) -> None:
    folder.mkdir(parents=True)
    write_safetensors(folder / "velvet.safetensors", {"w": ("F16", (4, 4))}, {"title": "velvet"})
    Image.new("RGB", (64, 96), "maroon").save(folder / "velvet.preview.png")
    answer = {"id": 1, "modelId": 1, "name": "v1", "nsfwLevel": 8, "files": [], "images": []}
    model = {"model": {"name": "Velvet", "type": "LORA"}}
    (folder / "velvet.civitai.info").write_text(json.dumps(answer | model), "utf-8")
    write_safetensors(folder / "garden.safetensors", {"w": ("F16", (4, 4))}, {"title": "garden"})


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Server]:
    add_mature_model(tmp_path / "models/loras")
    with Server(tmp_path) as started:
        yield started


def picture_of(page: Page, name: str) -> str:
    picture = page.get_by_role("link", name=re.compile(name)).locator("img")
    expect(picture).to_be_visible()
    return picture.get_attribute("src") or ""


def test_a_mature_picture_is_revealed_hidden_and_locked(library: Server, page: Page, browser: Browser) -> None:
    page.goto(library.url)
    assert "/blurred" in picture_of(page, "Velvet")
    assert find_violations(page) == []
    page.get_by_role("button", name=REVEAL).click()
    expect(page.get_by_role("button", name=REVEAL)).to_be_hidden()
    assert "/clear" in picture_of(page, "Velvet")

    page.goto(f"{library.url}/settings#mature")
    page.get_by_label("New passphrase (four characters or more)").fill("open sesame")
    page.get_by_role("button", name="Set passphrase").click()
    page.get_by_role("button", name="Lock now").click()
    expect(page.get_by_text("Locked", exact=True)).to_be_visible()
    page.get_by_label("Mature models").select_option("Show")
    expect(page.get_by_role("alert")).to_contain_text("Mature content is locked")
    assert find_violations(page) == []

    page.goto(library.url)
    page.get_by_role("button", name=REVEAL).click()
    dialog = page.get_by_role("dialog", name="Mature content is locked")
    dialog.get_by_label("Passphrase").fill("guess")
    dialog.get_by_role("button", name="Unlock").click()
    expect(dialog).to_contain_text("That is not the passphrase")
    dialog.get_by_label("Passphrase").fill("open sesame")
    dialog.get_by_role("button", name="Unlock").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("Velvet")).locator("img")).to_have_attribute(
        "src", re.compile("/clear")
    )

    page.goto(f"{library.url}/settings#mature")
    page.get_by_label("Mature models").select_option("Hide")
    expect(page.get_by_text("Saved")).to_be_visible()
    other = browser.new_page()
    other.goto(library.url)
    expect(other.get_by_role("link", name=re.compile("garden"))).to_be_visible()
    expect(other.get_by_role("link", name=re.compile("Velvet"))).to_be_hidden()
    expect(other.get_by_text("1 model", exact=True)).to_be_visible()
    other.close()


def test_a_newer_version_is_found_ignored_and_downloaded(tmp_path: Path, page: Page, fake_world: FakeWorld) -> None:
    model = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=200_000, versions=2)
    payload = model.versions[1].files[0].payload
    (tmp_path / "models").mkdir()
    (tmp_path / "models/harbour.safetensors").write_bytes(payload.read(0, payload.size_bytes))
    with Server(tmp_path, fake_world) as shop:
        page.goto(f"{shop.url}/health")
        page.wait_for_function(
            "async () => (await (await fetch('/api/models')).json()).data.items.every((model) => model.sha256)"
        )
        task = page.request.post(f"{shop.url}/api/models/enrich").json()["data"]
        page.wait_for_function(
            "async (id) => (await (await fetch(`/api/tasks/${id}`)).json()).data.state === 'done'", arg=task["task_id"]
        )
        page.goto(f"{shop.url}/updates")
        page.get_by_role("button", name="Check now").click()
        updated = page.get_by_role("list", name="Models with newer versions")
        expect(updated).to_contain_text("Quiet Harbour", timeout=30_000)
        expect(updated).to_contain_text("You have v1.0")
        expect(page.get_by_text(re.compile("^Last checked"))).to_be_visible()
        assert find_violations(page) == []

        page.goto(shop.url)
        card = page.get_by_role("link").filter(has_text="Quiet Harbour")
        expect(card.get_by_role("img", name="A newer version is known")).to_be_visible()
        expect(card).to_contain_text("v1.0")
        card.click()
        newest = page.get_by_role("complementary", name="Model").get_by_role("listitem").filter(has_text="v2.0")
        expect(newest.get_by_role("button", name="Download v2.0")).to_be_visible()
        assert find_violations(page) == []

        page.goto(f"{shop.url}/updates")
        page.get_by_role("button", name="Actions for Quiet Harbour").click()
        page.get_by_role("menuitem", name="Ignore this model").click()
        expect(page.get_by_text("Everything is up to date")).to_be_visible()
        page.get_by_role("button", name="Undo").click()

        page.get_by_role("button", name="Download v2.0").click()
        expect(page.get_by_text("Everything is up to date")).to_be_visible(timeout=30_000)
        assert len(list(shop.models.rglob("*.safetensors"))) == 2
