"""The page asks for a picture in the size it shows it."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.support.app_bench import AppBench
from tests.support.films import write_film
from tests.support.model_files import write_safetensors


def add_model(app: AppBench, name: str = "a") -> Path:
    """A model with the name of its picture to be; the scan is for the one who has made it."""
    write_safetensors(app.models / f"{name}.safetensors", {"w": ("F16", (4, 4))}, {"title": name})
    return app.models / f"{name}.preview.png"


def find_preview_url(app: AppBench) -> str:
    app.scan()
    (model,) = app.get("/api/models")["items"]
    url: str = model["preview_url"]
    return url


@pytest.mark.parametrize(("size", "width"), [("small", 256), ("medium", 512), ("large", 1024)])
def test_a_preview_comes_in_the_size_that_is_asked_for(app: AppBench, size: str, width: int) -> None:
    Image.new("RGB", (1600, 2000), "teal").save(add_model(app))
    answer = app.http.get(find_preview_url(app), params={"size": size})
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"] == "sandbox"
    assert Image.open(io.BytesIO(answer.content)).size == (width, width * 5 // 4)


def test_a_browser_that_has_it_is_told_so(app: AppBench) -> None:
    Image.new("RGB", (1600, 2000), "teal").save(add_model(app))
    url = find_preview_url(app)
    tags = {size: app.http.get(url, params={"size": size}).headers["etag"] for size in ("small", "medium")}
    assert tags["small"] != tags["medium"]
    again = app.http.get(url, params={"size": "small"}, headers={"If-None-Match": f'W/"other", {tags["small"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tags["small"])
    other = app.http.get(url, params={"size": "medium"}, headers={"If-None-Match": tags["small"]})
    assert other.status_code == 200


def test_thumbnails_lie_beside_the_registry_and_not_among_models(app: AppBench, tmp_path: Path) -> None:
    Image.new("RGB", (1600, 2000), "teal").save(add_model(app))
    before = sorted(app.models.rglob("*"))
    app.http.get(find_preview_url(app), params={"size": "small"})
    assert len(list((tmp_path / "data/thumbnails").rglob("*.webp"))) == 1
    assert sorted(app.models.rglob("*")) == before


def test_a_film_comes_as_it_is_or_as_its_first_frame(app: AppBench) -> None:
    film = add_model(app).with_name("a.preview.mp4")
    write_film(film, ["lime", "red"], (640, 360))
    url = find_preview_url(app)
    answer = app.http.get(url)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content == film.read_bytes()
    frame = app.http.get(url, params={"size": "small"})
    assert frame.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(frame.content)).size == (256, 144)


def test_a_cover_in_the_model_file_is_shown_after_the_pictures_beside_it(app: AppBench) -> None:
    cover = make_png("teal")
    metadata = {"title": "a", "ssmd_cover_images": json.dumps([base64.b64encode(cover).decode()])}
    write_safetensors(app.models / "a.safetensors", {"w": ("F16", (4, 4))}, metadata)
    url = find_preview_url(app)
    answer = app.http.get(url)
    assert (answer.content, answer.headers["content-type"]) == (cover, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    small = app.http.get(url, params={"size": "small"})
    assert Image.open(io.BytesIO(small.content)).size == (256, 384)
    (app.models / "a.preview.png").write_bytes(make_png("red"))
    assert app.http.get(find_preview_url(app)).content == make_png("red")
    model = app.get("/api/models")["items"][0]
    origins = [preview["origin"] for preview in app.get(f"/api/models/{model['id']}")["previews"]]
    assert origins == ["file", "embedded"]


def make_png(colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (400, 600), colour).save(target, "PNG")
    return target.getvalue()


def test_a_broken_picture_is_no_failure_of_the_server(app: AppBench) -> None:
    add_model(app).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    answer = app.http.get(find_preview_url(app), params={"size": "small"})
    assert answer.status_code == 404
    assert "damaged" in answer.json()["error"]


def test_what_only_calls_itself_a_picture_has_no_thumbnail(app: AppBench, tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "outside.png")
    add_model(app).symlink_to(tmp_path / "outside.png")
    assert app.http.get(find_preview_url(app), params={"size": "small"}).status_code in {403, 404}


def test_another_size_is_refused(app: AppBench) -> None:
    Image.new("RGB", (9, 9)).save(add_model(app))
    assert app.http.get(find_preview_url(app), params={"size": "4000"}).status_code == 422
