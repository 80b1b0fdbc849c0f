"""The built page as a browser gets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from sd_model_manager.ui.api.page import add_page
from tests.support.app_bench import AppBench


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (assets / "library-1.js").write_bytes(b"plain")
    (assets / "library-1.js.gz").write_bytes(b"gzipped")
    (assets / "library-1.js.br").write_bytes(b"smallest")
    (assets / "tiny-1.js").write_bytes(b"tiny")
    app = FastAPI()
    add_page(app, tmp_path)
    return TestClient(app)


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [("gzip, deflate, br", b"smallest", "br"), ("gzip", b"gzipped", "gzip"), ("identity", b"plain", None)],
)
def test_a_script_comes_packed_as_the_browser_can_unpack_it(
    browser: TestClient, accepted: str, body: bytes, encoding: str | None
) -> None:
    with browser.stream("GET", "/assets/library-1.js", headers={"Accept-Encoding": accepted}) as response:
        assert b"".join(response.iter_raw()) == body
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert "immutable" in response.headers["cache-control"]


def test_what_the_build_did_not_pack_comes_as_it_is(browser: TestClient) -> None:
    response = browser.get("/assets/tiny-1.js")
    assert (response.content, response.headers.get("content-encoding")) == (b"tiny", None)


def test_long_answers_of_the_api_come_packed(app: AppBench) -> None:
    assert app.http.get("/openapi.json").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in app.http.get("/api/health").headers
