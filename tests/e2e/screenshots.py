"""Takes the documentation's screenshots from the sample library: `uv run python -m tests.e2e.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from sd_model_manager.library.sample import fill_sample_library
from tests.e2e.conftest import FLAGS, find_chromium
from tests.e2e.server import Server
from tests.support.fake_world.world import FakeWorld

FOLDER = Path(__file__).parents[2] / "docs/screenshots"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = find_chromium() or sys.exit("no Chromium on PATH")
    with tempfile.TemporaryDirectory() as folder, FakeWorld() as world, sync_playwright() as playwright:
        fill_sample_library(Path(folder) / "models")
        world.storage.bytes_per_second = 2_000_000
        with Server(Path(folder), world, hash_in_background="false") as server:
            browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
            take_all(browser, server, world)
            browser.close()


def take_all(browser: Browser, server: Server, world: FakeWorld) -> None:
    dark, light = open_page(browser, "dark"), open_page(browser, "light")
    take(dark, f"{server.url}/?sort=name", "library")
    dark.get_by_role("link", name="Clearwater VAE").first.wait_for()
    light.goto(f"{server.url}/?q=tidepool")
    light.get_by_role("link").filter(has_text="Tidepool").first.click()
    light.get_by_role("heading", name="Trigger words").wait_for()
    settle(light)
    light.screenshot(path=FOLDER / "model.png")
    for size in (40, 90):
        made = world.add_model(f"Harbour Lights {size}", type="Checkpoint", size_bytes=size << 20)
        light.request.post(f"{server.url}/api/download", data={"url": world.page_url(made)})
    light.goto(f"{server.url}/downloads")
    light.get_by_text("left").first.wait_for()
    take(light, None, "downloads")
    take(light, f"{server.url}/settings", "settings")
    take(dark, f"{server.url}/insights", "insights")
    take(open_page(browser, "light", width=390, height=844), f"{server.url}/", "phone")


def open_page(browser: Browser, scheme: Literal["dark", "light"], *, width: int = 1440, height: int = 900) -> Page:
    return browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()


def take(page: Page, address: str | None, name: str) -> None:
    if address:
        page.goto(address)
    settle(page)
    page.screenshot(path=FOLDER / f"{name}.png")


def settle(page: Page) -> None:
    """Until every picture that has begun to load is there."""
    page.wait_for_timeout(1500)
    page.wait_for_function("() => [...document.images].every(image => image.complete)")


if __name__ == "__main__":
    main()
