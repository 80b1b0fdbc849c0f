"""Looking around at the sources, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.e2e.server import Server
from tests.support.axe import find_violations
from tests.support.fake_world import images, make_safetensors
from tests.support.fake_world.server import Request
from tests.support.fake_world.world import FakeWorld

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def shop(tmp_path: Path, fake_world: FakeWorld, context: BrowserContext) -> Iterator[Server]:
    """Its pictures lie where Civitai's do, since the policy for the page's content lets the browser ask nobody else;
    the server itself fetches none."""
    fake_world.has_real_picture_hosts = True
    context.route("https://image.civitai.com/**", answer_picture)
    hugging_face = fake_world.urls["huggingface"]
    with Server(tmp_path, fake_world, huggingface_base_url=hugging_face, save_previews="false") as started:
        yield started


def answer_picture(route: Route) -> None:
    reply = images.answer(Request("images", "GET", unquote(urlsplit(route.request.url).path), {}, {}))
    route.fulfill(status=reply.status, headers=reply.headers, body=b"".join(reply.body))


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def add_harbours(world: FakeWorld, count: int) -> None:
    for number in range(count):
        world.add_model(f"Harbour {number:02}", base_model="Pony" if number % 2 else "SDXL 1.0", size_bytes=90_000)


def test_a_model_is_found_looked_at_and_downloaded_and_marked_as_here(
    shop: Server, page: Page, fake_world: FakeWorld
) -> None:
    fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=400_000, trained_words=["harbour light"])
    page.goto(shop.url)
    assert fake_world.requests == []
    page.get_by_role("link", name="Discover").first.click()
    expect(card(page, "Quiet Harbour")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("quiet")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=quiet"))
    found = card(page, "Quiet Harbour")
    page.wait_for_function("() => [...document.querySelectorAll('article img')].some(image => image.naturalWidth)")
    found.get_by_role("link", name="Quiet Harbour").click()
    panel = page.get_by_role("complementary", name="Model", exact=True)
    expect(panel.get_by_role("button", name="harbour light")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    found.get_by_role("button", name="Download Quiet Harbour").click()
    found.get_by_role("link", name="In your library").click()
    expect(page).to_have_url(re.compile(r"/models/\d+"))
    page.goto(f"{shop.url}/discover?q=quiet")
    expect(card(page, "Quiet Harbour").get_by_role("link", name="In your library")).to_be_visible()


def test_what_is_found_goes_on_while_one_scrolls_and_filters_narrow_it(
    shop: Server, page: Page, fake_world: FakeWorld
) -> None:
    add_harbours(fake_world, 70)
    page.goto(f"{shop.url}/discover?q=harbour")
    expect(card(page, "Harbour 00")).to_be_visible()
    for number in ("29", "59", "69"):
        card(page, f"Harbour {number}").scroll_into_view_if_needed()
    expect(page.get_by_text("That is all.")).to_be_visible()
    page.get_by_role("group", name="Base model").get_by_text("Pony", exact=True).click()
    expect(page).to_have_url(re.compile(r"base_model=Pony"))
    expect(card(page, "Harbour 01")).to_be_visible()
    expect(card(page, "Harbour 00")).to_be_hidden()
    page.reload()
    expect(card(page, "Harbour 01")).to_be_visible()


def test_hugging_face_is_searched_beside_it(shop: Server, page: Page, fake_world: FakeWorld) -> None:
    fake_world.hugging_face.add("harbor-fog/mix", {"mix.safetensors": make_safetensors()})
    page.goto(f"{shop.url}/discover?q=mix")
    page.get_by_text("Hugging Face", exact=True).first.click()
    card(page, "mix").get_by_role("link", name="mix", exact=True).click()
    page.get_by_role("button", name="Download mix.safetensors").click()
    panel = page.get_by_role("complementary", name="Model", exact=True)
    expect(panel.get_by_role("link", name="In your library")).to_be_visible()


def test_offline_it_says_so_and_the_library_works(shop: Server, page: Page, fake_world: FakeWorld) -> None:
    fake_world.close()
    page.goto(f"{shop.url}/discover")
    expect(page.get_by_role("heading", name="Civitai cannot be reached")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Go to the library").click()
    expect(page.get_by_role("heading", name="Welcome. Let us find your models.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wherever_one_is(
    shop: Server, page: Page, fake_world: FakeWorld, scheme: Literal["light", "dark"], width: int
) -> None:
    add_harbours(fake_world, 3)
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{shop.url}/discover?q=harbour&tag=x&creator=harbour_master")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    assert find_violations(page) == []
    page.goto(f"{shop.url}/discover?q=harbour")
    expect(card(page, "Harbour 00")).to_be_visible()
    assert find_violations(page) == []
    card(page, "Harbour 00").get_by_role("link", name="Harbour 00").click()
    expect(page.get_by_role("button", name=re.compile("^Download harbour"))).to_be_visible()
    assert find_violations(page) == []


def test_a_tag_is_completed_by_keyboard_and_narrows_what_is_found(
    shop: Server, page: Page, fake_world: FakeWorld
) -> None:
    fake_world.add_model("Quiet Harbour", tags=["harbour light"])
    fake_world.add_model("Noon", tags=["noon light"])
    page.goto(f"{shop.url}/discover")
    expect(card(page, "Noon")).to_be_visible()
    tag = page.get_by_role("combobox", name="Tag")
    tag.press_sequentially("harbour l")
    expect(page.get_by_role("option", name="harbour light")).to_be_visible()
    assert find_violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"tag=harbour\+light"))
    expect(card(page, "Noon")).to_be_hidden()
    expect(card(page, "Quiet Harbour")).to_be_visible()
    expect(tag).to_be_focused()
    page.get_by_role("button", name="Remove the filter #harbour light").click()
    expect(card(page, "Noon")).to_be_visible()
    expect(tag).to_have_value("")
