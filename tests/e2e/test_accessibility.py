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


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that has been looked through."""
    folder: Path = tmp_path_factory.mktemp("accessibility")
    fill_sample_library(folder / "models")
    with Server(folder, hash_in_background="false", watch="false") as started:
        yield started


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_every_page_is_for_everybody(
    library: Server, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    found = {place: violations for place in PLACES if (violations := _find_violations(page, f"{library.url}{place}"))}
    context.close()
    assert found == {}


def _find_violations(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => document.querySelector('[aria-busy=true]') === null")
    return find_violations(page)
