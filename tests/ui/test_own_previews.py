"""A picture of the user's own goes before all others and is kept, whatever becomes of the files."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from PIL import Image

from tests.support.app_bench import AppBench
from tests.support.films import write_film
from tests.ui.test_api import add_lora


def make_png(colour: str, size: tuple[int, int] = (400, 600), kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()


RED, BLUE = make_png("red"), make_png("blue")


@pytest.fixture
def app(make_app: Callable[..., AppBench]) -> AppBench:
    return make_app(hash_in_background=False)


@pytest.fixture
def model(app: AppBench) -> str:
    """The address of the only model, which has a preview beside it."""
    path = add_lora(app, "loras/a.safetensors")
    path.with_name("a.preview.png").write_bytes(make_png("lime"))
    app.scan()
    (listed,) = app.get("/api/models")["items"]
    return f"/api/models/{listed['id']}"


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], set[str]]:
    return lambda: {path.name for path in (tmp_path / "data/own-previews").iterdir()}


def put(app: AppBench, model: str, content: Any, media_type: str = "image/png", status: int = 200) -> Any:
    return app.request("PUT", f"{model}/preview", status, content=content, headers={"Content-Type": media_type})


def test_it_goes_before_the_others_in_the_list_and_in_the_detail(app: AppBench, model: str) -> None:
    files_before = sorted(app.models.rglob("*"))
    detail = put(app, model, RED)
    url = f"{model}/preview/{sha256(RED).hexdigest()}.png"
    (listed,) = app.get("/api/models")["items"]
    assert (listed["preview_url"], listed["preview_media"]) == (detail["preview_url"], "image") == (url, "image")
    assert [(p["id"] == 0, p["origin"], p["url"] == url) for p in detail["previews"]] == [
        (True, "own", True),
        (False, "file", False),
    ]
    answer = app.http.get(url)
    assert (answer.content, answer.headers["content-type"]) == (RED, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    small = app.http.get(url, params={"size": "small"})
    assert Image.open(io.BytesIO(small.content)).size == (256, 384)
    again = app.http.get(url, params={"size": "small"}, headers={"If-None-Match": small.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert sorted(app.models.rglob("*")) == files_before


def test_another_choice_has_another_address_and_the_old_file_goes(
    app: AppBench, model: str, kept: Callable[[], set[str]]
) -> None:
    first = put(app, model, RED)["preview_url"]
    second = put(app, model, BLUE)["preview_url"]
    assert first != second
    assert app.http.get(first).status_code == 404
    assert kept() == {f"{sha256(BLUE).hexdigest()}.png"}
    assert put(app, model, BLUE)["preview_url"] == second
    assert kept() == {f"{sha256(BLUE).hexdigest()}.png"}


def test_taken_back_what_lies_beside_the_model_is_shown(
    app: AppBench, model: str, kept: Callable[[], set[str]]
) -> None:
    before = app.get(model)
    put(app, model, RED)
    assert app.request("DELETE", f"{model}/preview", 200) == before
    assert kept() == set()
    assert app.request("DELETE", f"{model}/preview", 200) == before


def test_a_file_that_two_models_show_stays_until_both_let_go(
    app: AppBench, model: str, kept: Callable[[], set[str]]
) -> None:
    add_lora(app, "loras/b.safetensors")
    app.scan()
    models = [f"/api/models/{item['id']}" for item in app.get("/api/models")["items"]]
    for each in models:
        put(app, each, RED)
    app.request("DELETE", f"{models[0]}/preview", 200)
    assert app.http.get(app.get(models[1])["preview_url"]).content == RED
    app.request("DELETE", f"{models[1]}/preview", 200)
    assert kept() == set()


def test_it_survives_scans_and_moves_and_the_loss_of_the_file(app: AppBench, model: str) -> None:
    url = put(app, model, RED)["preview_url"]
    (app.models / "elsewhere").mkdir()
    (app.models / "loras/a.safetensors").rename(app.models / "elsewhere/c.safetensors")
    app.wait_for_task(app.post("/api/models/scan", {"full": True}, status=202)["task_id"])
    assert app.get(model)["preview_url"] == url
    (app.models / "elsewhere/c.safetensors").unlink()
    app.scan()
    assert (app.get(model)["state"], app.get(model)["preview_url"]) == ("missing", url)
    assert app.http.get(url).content == RED


def test_one_of_the_others_can_be_chosen_and_stays_when_its_file_goes(app: AppBench, model: str) -> None:
    example = app.models / "loras/a.example.1.webp"
    example.write_bytes(make_png("teal", kind="WEBP"))
    content = example.read_bytes()
    app.scan()
    chosen = app.get(model)["previews"][1]["id"]
    detail = app.post(f"{model}/preview", {"preview_id": chosen})
    assert detail["previews"][0]["origin"] == "own"
    example.unlink()
    app.scan()
    assert app.http.get(app.get(model)["preview_url"]).content == content
    assert app.post(f"{model}/preview", {"preview_id": 10**6}, status=404)["code"] == "NOT_FOUND"


def test_a_film_is_shown_as_a_film_and_its_first_frame_is_small(app: AppBench, model: str, tmp_path: Path) -> None:
    write_film(tmp_path / "own.webm", ["lime", "red"], (640, 360))
    detail = put(app, model, (tmp_path / "own.webm").read_bytes(), "video/webm")
    assert detail["preview_media"] == "video"
    part = app.http.get(detail["preview_url"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"\x1a\x45\xdf\xa3")
    small = app.http.get(detail["preview_url"], params={"size": "small"})
    assert Image.open(io.BytesIO(small.content)).size == (256, 144)


def test_what_it_is_its_bytes_say(app: AppBench, model: str) -> None:
    assert put(app, model, make_png("red", kind="WEBP"), "image/png")["preview_url"].endswith(".webp")


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"<svg onload=alert(1)>", "image/svg+xml", 400, "NOT_A_PICTURE"),
        (b"<svg onload=alert(1)>", "image/png", 422, "NOT_A_PICTURE"),
        (b"", "image/png", 422, "NOT_A_PICTURE"),
        (RED[:300], "image/png", 422, "NOT_A_PICTURE"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(1000), "video/mp4", 422, "NOT_A_PICTURE"),
        (RED + bytes(20 * 1024 * 1024), "image/png", 400, "TOO_LARGE"),
        (RED + bytes(20 * 1024 * 1024), "video/mp4", 400, "TOO_LARGE"),
        (bytes(52 * 1024 * 1024), "video/mp4", 413, "TOO_LARGE"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_changes_nothing(
    app: AppBench, model: str, kept: Callable[[], set[str]], content: bytes, media_type: str, status: int, code: str
) -> None:
    put(app, model, RED)
    before = app.get(model)
    refused = put(app, model, content, media_type, status)
    assert refused["code"] == code
    assert app.get(model) == before
    assert kept() == {f"{sha256(RED).hexdigest()}.png"}


def test_what_never_ends_is_cut_off(app: AppBench, model: str, kept: Callable[[], set[str]]) -> None:
    def send() -> Iterator[bytes]:
        yield RED
        for _ in range(30):
            yield bytes(1024 * 1024)

    put(app, model, BLUE)
    assert put(app, model, send(), status=400)["code"] == "TOO_LARGE"
    assert kept() == {f"{sha256(BLUE).hexdigest()}.png"}


def test_an_unknown_model_is_a_404(app: AppBench) -> None:
    assert put(app, "/api/models/7", RED, status=404)["code"] == "NOT_FOUND"
    assert app.request("DELETE", "/api/models/7/preview", 404)["code"] == "NOT_FOUND"


def test_only_its_own_is_served_under_a_model(app: AppBench, model: str, tmp_path: Path) -> None:
    url = put(app, model, RED)["preview_url"]
    name = url.rpartition("/")[2]
    assert app.http.get(f"/api/models/999/preview/{name}").status_code == 404
    assert app.http.get(f"{model}/preview/..%2Fregistry.db").status_code in {404, 422}
    assert app.http.get(f"{model}/preview/{'0' * 64}.png").status_code == 404


def test_many_at_once_leave_one_choice_and_its_file(app: AppBench, model: str, kept: Callable[[], set[str]]) -> None:
    with ThreadPoolExecutor(6) as threads:
        for _ in threads.map(lambda number: put(app, model, (RED, BLUE)[number % 2]), range(12)):
            pass
    url = app.get(model)["preview_url"]
    assert kept() == {url.rpartition("/")[2]}
    assert app.http.get(url).status_code == 200


def test_over_a_real_connection_a_known_thumbnail_is_not_sent_again(app: AppBench, model: str) -> None:
    url = put(app, model, RED)["preview_url"]
    server = uvicorn.Server(uvicorn.Config(app.app, log_config=None, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            first = client.get(url, params={"size": "large"})
            assert (first.status_code, first.headers["content-type"]) == (200, "image/webp")
            again = client.get(url, params={"size": "large"}, headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert "immutable" in again.headers["cache-control"]
            sent = client.put(f"{model}/preview", content=BLUE, headers={"Content-Type": "image/png"})
            assert sent.json()["data"]["preview_url"] != url
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
