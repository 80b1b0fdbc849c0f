"""Nobody is kept out: axe finds nothing on any page, in either theme, on a desk or on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from sd_model_manager.library.sample import fill_sample_library
from tests.e2e.server import Server
from tests.support.axe import find_violations

PLACES = (
    "/",
    "/?q=nothing-is-called-this",
    "/models/1",
    "/downloads",
    "/updates",
    "/insights",
    "/duplicates",
    "/health",
    "/tasks",
    "/settings",
    "/setup",
    "/not-there",
)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that has been looked through."""
    folder: Path = tmp_path_factory.mktemp("accessibility")
    fill_sample_library(folder / "models")
    with Server(folder, hash_in_background="false", watch="false") as started:
        yield started


@pytest.fixture(scope="module", params=[1280, 390])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 860}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("place", PLACES)
def test_every_page_is_for_everybody(library: Server, page: Page, place: str) -> None:
    _open(page, f"{library.url}{place}")
    found = {theme: violations for theme in THEMES if (violations := _find_violations(page, theme))}
    assert found == {}


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('[aria-busy=true]') === null")


def _find_violations(page: Page, theme: Literal["light", "dark"]) -> list[str]:
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    return find_violations(page)
