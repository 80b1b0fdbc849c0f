"""Asks a running server, as the page does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
from websockets.sync.client import connect

PATIENCE_SECONDS = 300


class Asker:
    """A connection that stays open; `get` and `post` give what is in the envelope."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, trust_env=False)

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(path, params=query).raise_for_status().json()["data"]

    def get_bytes(self, path: str, **query: Any) -> bytes:
        """The answer unread, so that only the server's time counts."""
        return self._client.get(path, params=query).raise_for_status().content

    def post(self, path: str, body: Any = None) -> Any:
        return self._client.post(path, json=body).raise_for_status().json()["data"]

    def patch(self, path: str, body: Any) -> None:
        self._client.patch(path, json=body).raise_for_status()

    def close(self) -> None:
        self._client.close()

    def scan(self) -> Iterator[dict[str, Any]]:
        """Start a scan, and give what the server says until it is done."""
        with connect(f"{self._url.replace('http', 'ws', 1)}/ws/events", open_timeout=PATIENCE_SECONDS) as socket:
            socket.recv(PATIENCE_SECONDS)
            task_id = self.post("/api/models/scan")["task_id"]
            is_over = self.get(f"/api/tasks/{task_id}")["state"] == "done"
            while not is_over:
                message = json.loads(socket.recv(PATIENCE_SECONDS))
                yield message
                task = message.get("task", {})
                is_over = task.get("task_id") == task_id and task["state"] in {"done", "failed", "cancelled"}

    def wait_for_scan(self) -> None:
        for _ in self.scan():
            pass
