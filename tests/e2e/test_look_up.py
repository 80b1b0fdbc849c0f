"""Files are looked up at their source because somebody asks for it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.support.axe import find_violations
from tests.support.fake_world.world import FakeWorld
from tests.support.model_files import write_safetensors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def library(tmp_path: Path, fake_world: FakeWorld) -> Iterator[Server]:
    """A file that Civitai knows, under another name, and one of our own."""
    loras = tmp_path / "models/loras"
    loras.mkdir(parents=True)
    payload = fake_world.add_model("Quiet Harbour", tags=["sea"]).versions[0].files[0].payload
    (loras / "ink.safetensors").write_bytes(payload.read(0, payload.size_bytes))
    write_safetensors(loras / "own.safetensors", {"w": ("F16", (4, 4))}, {"title": "own"})
    with Server(tmp_path, fake_world) as started:
        yield started


def test_unknown_files_are_looked_up_told_apart_and_said_to_be_something_else(
    library: Server, page: Page, fake_world: FakeWorld
) -> None:
    page.goto(f"{library.url}/health")
    unhashed = page.get_by_text("Every model has its hash, so copies are found for certain.")
    expect(unhashed).to_be_visible(timeout=30_000)
    assert fake_world.requests == []
    page.get_by_role("button", name="Look up online").click()
    expect(page.get_by_text("Looked up: 1 found, 1 not known")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Look up again what is unknown online")).to_be_visible()
    assert find_violations(page) == []

    page.goto(library.url)
    page.get_by_role("link", name="Quiet Harbour").click()
    expect(page.get_by_text("Civitai knows this very file")).to_be_visible()
    page.get_by_role("button", name="That is not it").click()
    expect(page.get_by_text("You said that it is none of what was found.")).to_be_visible()
    assert find_violations(page) == []
    page.get_by_role("button", name="Say what it is…").click()
    lantern = fake_world.add_model("Lantern")
    page.get_by_role("textbox", name="Link to its page").fill(fake_world.page_url(lantern))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lantern")).to_be_visible()


def test_the_selected_are_looked_up_and_it_says_that_it_waits_while_the_source_is_away(
    library: Server, page: Page, fake_world: FakeWorld
) -> None:
    page.goto(f"{library.url}/health")
    expect(page.get_by_text("Every model has its hash")).to_be_visible(timeout=30_000)
    fake_world.fault("drop", server="api", times=None)
    page.goto(library.url)
    page.get_by_role("link", name="LoRA own").wait_for()
    page.keyboard.press("Control+a")
    bar = page.get_by_role("region", name="Selected models")
    bar.get_by_role("button", name="Look up online").click()
    expect(page.get_by_text("The look-up waits")).to_be_visible(timeout=60_000)
    assert find_violations(page) == []
