"""What users do, in a real browser."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.server import Server
from tests.support.fake_world.world import FakeWorld
from tests.support.model_files import write_safetensors

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

LORA = {
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": ("F16", (4, 768)),
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight": ("F16", (320, 4)),
}
VAE = {"decoder.conv_in.weight": ("F16", (512, 4, 3, 3)), "encoder.conv_in.weight": ("F16", (128, 3, 3, 3))}


def fill(folder: Path) -> None:
    (folder / "loras").mkdir(parents=True)
    (folder / "vae").mkdir()
    metadata = {"modelspec.trigger_phrase": "inkwash, brush stroke"}
    write_safetensors(folder / "loras/ink wash.safetensors", LORA, metadata)
    Image.new("RGB", (64, 96), "teal").save(folder / "loras/ink wash.preview.png")
    write_safetensors(folder / "loras/neon city.safetensors", LORA, {"title": "neon"})
    write_safetensors(folder / "vae/soft.safetensors", VAE, {"title": "soft"})


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Server]:
    fill(tmp_path / "models")
    with Server(tmp_path) as started:
        yield started


@pytest.fixture
def shop(tmp_path: Path, fake_world: FakeWorld) -> Iterator[Server]:
    with Server(tmp_path, fake_world) as started:
        yield started


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(re.escape(name)))


def test_a_newcomer_names_a_folder_and_sees_its_models(server: Server, page: Page, tmp_path: Path) -> None:
    fill(tmp_path / "my models")
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Welcome. Let us find your models.")).to_be_visible()
    page.get_by_placeholder("Path of a folder").fill(str(tmp_path / "my models"))
    page.get_by_role("button", name="Add folder").click()
    expect(page.get_by_role("list", name="Library folders")).to_contain_text("my models")
    page.get_by_role("button", name="Skip the guide").click()
    expect(card(page, "ink wash")).to_be_visible()
    expect(page.get_by_text("3 models")).to_be_visible()


def test_a_folder_that_does_not_exist_is_explained(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_placeholder("Path of a folder").fill("/no/such/folder")
    page.get_by_role("button", name="Add folder").click()
    expect(page.get_by_text("is not a folder on the machine").first).to_be_visible()


def test_models_are_searched_filtered_and_the_address_keeps_it(library: Server, page: Page) -> None:
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("city neon")
    expect(card(page, "neon city")).to_be_visible()
    expect(card(page, "ink wash")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"q=city"))
    page.reload()
    expect(card(page, "neon city")).to_be_visible()
    page.goto(library.url)
    page.get_by_role("group", name="Type").get_by_text("VAE").click()
    expect(card(page, "soft")).to_be_visible()
    expect(card(page, "ink wash")).to_be_hidden()


def test_a_models_panel_tells_all_and_its_trigger_words_can_be_copied(library: Server, page: Page) -> None:
    page.goto(library.url)
    card(page, "ink wash").click()
    panel = page.get_by_role("complementary", name="Model", exact=True)
    expect(panel).to_contain_text("inkwash")
    expect(panel).to_contain_text("SD 1.5")
    expect(panel).to_contain_text("ink wash.safetensors")
    panel.get_by_role("button", name="inkwash").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('inkwash')")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_what_the_user_says_of_a_model_is_kept(library: Server, page: Page) -> None:
    page.goto(library.url)
    card(page, "ink wash").click()
    panel = page.get_by_role("complementary", name="Model", exact=True)
    panel.get_by_role("button", name=re.compile("favou?rite", re.IGNORECASE)).click()
    panel.get_by_label("Notes").fill("best at 0.7")
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(panel.get_by_label("Notes")).to_have_value("best at 0.7")
    page.goto(f"{library.url}/?q=is:favorite")
    expect(card(page, "ink wash")).to_be_visible()
    expect(page.get_by_text("1 model", exact=True)).to_be_visible()


def test_a_search_that_cannot_be_read_is_explained_beside_its_box(library: Server, page: Page) -> None:
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    page.get_by_role("combobox", name="Search models").fill("type:lorra")
    expect(page.get_by_text(re.compile("at character 6"))).to_be_visible()
    expect(card(page, "ink wash")).to_be_visible()
    page.get_by_role("combobox", name="Search models").fill("type:lora -neon")
    expect(page.get_by_text("1 model", exact=True)).to_be_visible()


def test_a_search_is_completed_from_what_the_library_has(library: Server, page: Page) -> None:
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("ty")
    expect(page.get_by_role("option", name="type:")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("option", name=re.compile("^vae")).click()
    expect(page.get_by_role("combobox", name="Search models")).to_have_value("type:vae")
    expect(page.get_by_text("1 model", exact=True)).to_be_visible()


def test_the_same_is_said_of_many_models_and_taken_back(library: Server, page: Page) -> None:
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    page.keyboard.press("Control+a")
    selected = page.get_by_role("region", name="Selected models")
    expect(selected).to_contain_text("3 selected")
    selected.get_by_role("button", name="Favourite").click()
    page.get_by_role("menuitem", name="Mark as favourites").click()
    expect(page.get_by_role("img", name="Favourite")).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back for 3 models")).to_be_visible()
    expect(page.get_by_role("img", name="Favourite")).to_have_count(0)


def test_models_are_selected_by_drawing_a_box_over_them(library: Server, page: Page) -> None:
    page.goto(f"{library.url}/?sort=name")
    corner = page.locator("[data-index='0']").bounding_box()
    assert corner is not None
    left, top = corner["x"], corner["y"] + 20
    page.mouse.move(left - 6, top)
    page.mouse.down()
    page.mouse.move(left + corner["width"] * 1.6, top + 30, steps=6)
    expect(page.get_by_role("region", name="Selected models")).to_contain_text("2 selected")
    page.mouse.move(left + corner["width"] * 0.5, top + 30, steps=3)
    page.mouse.up()
    expect(page.get_by_role("region", name="Selected models")).to_contain_text("1 selected")


def test_a_file_copied_into_the_folder_appears_after_a_scan_elsewhere(library: Server, page: Page) -> None:
    page.goto(library.url)
    expect(page.get_by_text("3 models")).to_be_visible()
    write_safetensors(library.models / "loras/late.safetensors", LORA, {"title": "late"})
    page.request.post(f"{library.url}/api/models/scan")
    expect(card(page, "late")).to_be_visible()


def ask_for(page: Page, server: Server, url: str) -> None:
    page.goto(f"{server.url}/downloads")
    page.get_by_role("textbox").first.fill(url)
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("button", name=re.compile("^Download")).click()


def is_exact(done: Path, sha256: str) -> bool:
    return hashlib.sha256(done.read_bytes()).hexdigest() == sha256


def test_a_pasted_link_arrives_while_one_watches(shop: Server, page: Page, fake_world: FakeWorld) -> None:
    fake_world.storage.bytes_per_second = 400_000
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=2_000_000)
    ask_for(page, shop, fake_world.page_url(made))
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Pause")).click()
    expect(page.get_by_text("Paused").first).to_be_visible()
    fake_world.storage.bytes_per_second = None
    page.get_by_role("button", name=re.compile("^Resume")).click()
    expect(page.get_by_role("link", name=re.compile("Quiet Harbour|Show|Open")).first).to_be_visible()
    page.goto(shop.url)
    expect(card(page, "Quiet Harbour")).to_be_visible()
    assert not list(shop.models.rglob("*.part*"))


def test_a_download_goes_on_by_itself_after_the_server_was_killed(
    shop: Server, page: Page, fake_world: FakeWorld
) -> None:
    fake_world.storage.bytes_per_second = 500_000
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=6_000_000)
    ask_for(page, shop, fake_world.page_url(made))
    page.wait_for_function("() => /[1-9][0-9.]* [kM]B of/.test(document.body.innerText)")
    shop.kill()
    expect(page.get_by_text(re.compile("reconnect", re.IGNORECASE)).first).to_be_visible()
    fake_world.storage.bytes_per_second = None
    shop.start()
    expect(page.get_by_role("link", name=re.compile("Quiet Harbour|Show|Open")).first).to_be_visible(timeout=60_000)
    (path,) = shop.models.rglob("*.safetensors")
    answer = page.request.get(f"{shop.url}/api/download").json()
    assert is_exact(path, answer["data"]["items"][0]["sha256"])


def test_a_page_gone_to_while_the_server_is_away_appears_when_it_is_back(shop: Server, page: Page) -> None:
    page.goto(f"{shop.url}/settings")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    shop.kill()
    expect(page.get_by_text("Cut off, reconnecting")).to_be_visible()
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("link", name="Health")).to_have_attribute("aria-current", "page")
    shop.start()
    expect(
        page.get_by_role("list", name="Files that could not be read").or_(page.get_by_text("No models yet"))
    ).to_be_visible()


def test_a_cancelled_download_leaves_nothing_and_can_be_retried(
    shop: Server, page: Page, fake_world: FakeWorld
) -> None:
    fake_world.storage.bytes_per_second = 200_000
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=2_000_000)
    ask_for(page, shop, fake_world.page_url(made))
    page.get_by_role("button", name=re.compile("^Cancel")).click()
    page.get_by_role("button", name="Cancel the download").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    fake_world.storage.bytes_per_second = None
    page.get_by_role("button", name=re.compile("Retry|Try again|Download again")).first.click()
    page.goto(shop.url)
    expect(card(page, "Quiet Harbour")).to_be_visible()


def test_a_failed_download_says_why_and_what_to_do(shop: Server, page: Page, fake_world: FakeWorld) -> None:
    fake_world.login_required = True
    made = fake_world.add_model("Quiet Harbour", type="LORA", size_bytes=200_000)
    ask_for(page, shop, fake_world.page_url(made))
    expect(page.get_by_text(re.compile("API key")).first).to_be_visible()


def test_a_key_is_entered_once_and_shown_as_set(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_placeholder("Paste the key").first.fill("0123456789abcdef0123456789abcdef")
    page.get_by_role("button", name="Save").first.click()
    page.reload()
    expect(page.get_by_text("Set", exact=True).first).to_be_visible()
    assert "0123456789abcdef" not in page.content()


def test_the_page_speaks_japanese_to_who_reads_it(library: Server, browser: Browser) -> None:
    with_japanese = browser.new_context(locale="ja-JP")
    page = with_japanese.new_page()
    page.goto(library.url)
    expect(page.get_by_role("link", name="ライブラリ")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ja"
    with_japanese.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_systems_colours(library: Server, browser: Browser, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    grey = Image.open(io.BytesIO(page.screenshot())).convert("L")
    assert (ImageStat.Stat(grey).median[0] > 128) is (scheme == "light")
    context.close()


def test_a_phone_shows_the_library_without_sideways_scrolling(library: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(library.url)
    expect(card(page, "ink wash")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_with_a_token_the_page_asks_for_it_once(tmp_path: Path, page: Page) -> None:
    fill(tmp_path / "models")
    with Server(tmp_path, access_token="open sesame") as server:
        page.goto(server.url)
        page.get_by_role("textbox").or_(page.locator("input[type=password]")).first.fill("open sesame")
        page.keyboard.press("Enter")
        expect(card(page, "ink wash")).to_be_visible()
