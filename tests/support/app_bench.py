"""The whole application on real files and a real database, asked in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.testclient import TestClient, WebSocketTestSession

from sd_model_manager.config import load_settings
from sd_model_manager.domain.events import Event
from sd_model_manager.domain.tasks import TaskKind
from sd_model_manager.ui.api.main import create_app
from sd_model_manager.wiring import Services
from tests.support.fake_world.world import FakeWorld

PATIENCE_SECONDS = 30


class AppBench:
    """A client as a browser on this machine would be; `request` checks the envelope and gives what is in it."""

    def __init__(self, base: Path, database_url: str, *, client: str = "127.0.0.1", **settings: Any) -> None:
        self.models = base / "models"
        self.models.mkdir(exist_ok=True)
        configuration = load_settings(
            model_dir=self.models,
            data_dir=base / "data",
            log_dir=base / "logs",
            database_url=database_url if database_url.startswith("postgresql") else None,
            **settings,
        )
        self.app = create_app(configuration)
        self.http = TestClient(
            self.app, base_url="http://127.0.0.1:8188", client=(client, 50000), raise_server_exceptions=False
        )
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        self.http.__enter__()
        self.services.hub.subscribe(self._on_event)
        self.wait_until(self._has_finished_its_first_scan)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.__exit__(kind, error, trace)

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def get(self, path: str, **options: Any) -> Any:
        return self.request("GET", path, 200, **options)

    def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        return self.request("POST", path, status, json=body)

    def request(self, method: str, path: str, status: int, **options: Any) -> Any:
        """What the envelope holds: `data`, or for a failure the whole of it."""
        answer = self.http.request(method, path, **options)
        assert answer.status_code == status, answer.text
        body = answer.json()
        assert body["success"] is (status < 400)
        return body["data"] if status < 400 else body

    def socket(self, path: str, headers: dict[str, str] | None = None) -> WebSocketTestSession:
        return self.http.websocket_connect(f"ws://127.0.0.1:8188{path}", headers=headers or {})

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, PATIENCE_SECONDS)

    def wait_for_task(self, task_id: str, state: str = "done") -> Any:
        self.wait_until(lambda: self.get(f"/api/tasks/{task_id}")["state"] == state)
        return self.get(f"/api/tasks/{task_id}")

    def scan(self) -> None:
        self.wait_for_task(self.post("/api/models/scan", status=202)["task_id"])

    def _has_finished_its_first_scan(self) -> bool:
        scans = self.services.queue.store.list_page(kinds=[TaskKind.SCAN], limit=1).items
        return bool(scans) and scans[0].state.is_final

    def _on_event(self, event: Event) -> None:
        with self._changed:
            self._changed.notify_all()


def settings_of(world: FakeWorld) -> dict[str, Any]:
    """Settings that make the fake world stand in for Civitai."""
    return {"civitai_base_url": world.api_url, "allowed_private_hosts": ",".join(world.private_hosts)}
