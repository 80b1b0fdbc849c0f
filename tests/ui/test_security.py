"""The server answers to whom it should, and to nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.websockets import WebSocketDisconnect

from sd_model_manager.ui.api.security import Attempts
from tests.support.app_bench import AppBench

MakeApp = Callable[..., AppBench]
TOKEN = "correct horse battery staple"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::2]", "", "localhost@evil.example"])
def test_a_name_the_server_does_not_have_is_refused(app: AppBench, host: str) -> None:
    body = app.request("GET", "/api/models", 403, headers={"Host": host})
    assert body["code"] == "UNKNOWN_HOST"


@pytest.mark.parametrize("host", ["localhost:8188", "127.0.0.1", "[::1]:8188", "LOCALHOST"])
def test_the_names_of_this_machine_are_known(app: AppBench, host: str) -> None:
    app.get("/api/health", headers={"Host": host})


def test_further_names_are_known_when_the_server_was_told_them(make_app: MakeApp) -> None:
    make_app(allowed_hosts="models.lan, other.lan").get("/api/health", headers={"Host": "models.lan:80"})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "file://"])
def test_a_page_of_another_site_is_refused(app: AppBench, origin: str) -> None:
    body = app.request("POST", "/api/models/scan", 403, headers={"Origin": origin})
    assert body["code"] == "FOREIGN_ORIGIN"


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8188", "http://localhost:5173"])
def test_the_servers_own_page_and_the_development_server_are_not_foreign(app: AppBench, origin: str) -> None:
    app.request("POST", "/api/models/scan", 202, headers={"Origin": origin})


def test_only_the_development_server_may_read_answers_across_origins(app: AppBench) -> None:
    answer = app.http.get("/api/health", headers={"Origin": "http://localhost:5173"})
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"


def test_without_a_token_other_machines_are_refused_and_told_how_to_change_that(make_app: MakeApp) -> None:
    app = make_app(client="192.168.1.20")
    body = app.request("GET", "/api/models", 403)
    assert body["code"] == "TOKEN_REQUIRED"
    assert "SDMM_ACCESS_TOKEN" in body["error"]


def test_a_server_opened_to_all_on_purpose_answers_other_machines(make_app: MakeApp) -> None:
    make_app(client="192.168.1.20", insecure_no_auth=True).get("/api/models")


def test_with_a_token_nothing_is_answered_without_it(make_app: MakeApp) -> None:
    app = make_app(access_token=TOKEN)
    for path in ("/api/models", "/api/settings", "/api/tasks", "/docs", "/openapi.json", "/api/nowhere"):
        assert app.http.get(path).status_code == 401, path
    assert app.get("/api/health") == {"status": "ok"}
    assert app.get("/api/health", headers={"Authorization": f"Bearer {TOKEN}"})["models"] == 0
    app.request("GET", "/api/models", 401, headers={"Authorization": "Bearer wrong"})


def test_a_browser_exchanges_the_token_once_for_a_cookie_no_script_can_read(make_app: MakeApp) -> None:
    app = make_app(access_token=TOKEN)
    app.post("/api/login", {"token": "wrong"}, status=401)
    answer = app.http.post("/api/login", json={"token": TOKEN})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    app.get("/api/models")
    app.post("/api/logout")
    app.request("GET", "/api/models", 401)


def test_guessing_tokens_gets_nowhere(make_app: MakeApp) -> None:
    app = make_app(access_token=TOKEN)
    for _ in range(10):
        app.post("/api/login", {"token": "guess"}, status=401)
    assert app.post("/api/login", {"token": TOKEN}, status=429)["code"] == "TOO_MANY_ATTEMPTS"
    app.request("GET", "/api/models", 429, headers={"Authorization": f"Bearer {TOKEN}"})


def test_wrong_guesses_are_forgiven_after_a_while() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(10):
        attempts.note_failure("client")
    assert attempts.are_too_many("client")
    assert not attempts.are_too_many("another")
    now[0] = 61
    assert not attempts.are_too_many("client")


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"Host": "evil.example"}, 4403), ({"Origin": "https://evil.example"}, 4403)],
)
def test_a_foreign_websocket_is_closed_and_told_why(app: AppBench, headers: dict[str, str], code: int) -> None:
    with app.socket("/ws/events", headers) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_text()
    assert closed.value.code == code


def test_a_websocket_takes_the_token_as_header_cookie_or_in_its_address(make_app: MakeApp) -> None:
    app = make_app(access_token=TOKEN)
    with app.socket("/ws/events") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_text()
    assert closed.value.code == 4401
    with app.socket(f"/ws/events?token={quote(TOKEN)}") as socket:
        assert socket.receive_json()["type"] == "hello"
    with app.socket("/ws/events", {"Authorization": f"Bearer {TOKEN}"}) as socket:
        assert socket.receive_json()["type"] == "hello"
    app.post("/api/login", {"token": TOKEN})
    with app.socket("/ws/events") as socket:
        assert socket.receive_json()["type"] == "hello"


def test_every_answer_forbids_what_the_page_does_not_need(app: AppBench) -> None:
    headers = app.http.get("/api/health").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_body_too_large_is_refused(app: AppBench) -> None:
    answer = app.http.post("/api/download", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


def test_uvicorns_own_lines_hide_a_token_in_an_address(make_app: MakeApp, tmp_path: Path) -> None:
    make_app(access_token=TOKEN)
    logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "::1", "GET", f"/ws?token={TOKEN}", "1.1", 200)
    written = (tmp_path / "logs/sd-model-manager.log").read_text()
    assert "/ws?token=" in written
    assert TOKEN not in written
