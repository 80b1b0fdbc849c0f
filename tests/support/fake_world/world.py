"""A whole fake world, each part on its own port: Civitai with storage and previews, Hugging Face, CivArchive."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from tests.support.fake_world import api, control, images
from tests.support.fake_world.civ_archive import CivArchive
from tests.support.fake_world.faults import Fault, Faults, find
from tests.support.fake_world.hugging_face import HuggingFace
from tests.support.fake_world.library import FakeFile, FakeModel, Library, load_library
from tests.support.fake_world.server import CutShort, LoopbackServer, Reply, Request, html_reply, text_reply
from tests.support.fake_world.storage import Storage

GOOD_KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Account:
    """Who an API key belongs to. `bought` are ids of paid versions, `prefers` the saved file preferences."""

    username: str = "tester"
    bought: set[int] = field(default_factory=set)
    prefers: dict[str, str] = field(default_factory=dict)
    is_banned: bool = False


class FakeWorld:
    """Start it, point `civitai_base_url` at `api_url`, and break it with `fault`.

    Attributes:
        hugging_face: its repositories.
        civ_archive: the model it remembers.
        library: Civitai's models; change them at any time.
        accounts: by API key; any other key counts as anonymous.
        login_required: whether every download needs a key.
        backend: which storage a download is sent to.
        unlisted: models that the list misses although their page exists.
        has_real_picture_hosts: whether pictures are said to lie where Civitai's do, for a browser that lets no other
            host through; a test answers for it there.
        quota: downloads that each account may make, `None` for any number.
        requests: everything that was asked, in order.
    """

    def __init__(self, *, port: int = 0) -> None:
        self.library: Library = load_library()
        self.accounts: dict[str, Account] = {GOOD_KEY: Account()}
        self.login_required = False
        self.backend: Literal["r2", "b2", "alternate"] = "r2"
        self.unlisted: set[int] = set()
        self.has_real_picture_hosts = False
        self.quota: int | None = None
        self.faults = Faults()
        self.storage = Storage(self.faults)
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._downloads: dict[str, int] = {}
        self._turns = itertools.count()
        self._rays = itertools.count(1)
        self.hugging_face = HuggingFace(self._sign_for_hugging_face)
        self.civ_archive = CivArchive()
        self._servers = {
            "api": LoopbackServer("api", self._site, port=port),
            "storage-r2": LoopbackServer("storage-r2", self._store),
            "storage-b2": LoopbackServer("storage-b2", self._store),
            "images": LoopbackServer("images", self._image),
            "huggingface": LoopbackServer("huggingface", self._hugging_face),
            "civarchive": LoopbackServer("civarchive", self._civ_archive),
            "storage-hf": LoopbackServer("storage-hf", self._store),
        }

    @property
    def api_url(self) -> str:
        return self._servers["api"].origin

    @property
    def urls(self) -> dict[str, str]:
        return {name: server.origin for name, server in self._servers.items()}

    @property
    def private_hosts(self) -> tuple[str, ...]:
        """What `allowed_private_hosts` needs so that downloads reach the fake's storage and pictures."""
        return tuple(f"127.0.0.1:{server.port}" for server in self._servers.values())

    def __enter__(self) -> Self:
        for server in self._servers.values():
            server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.storage.gate.set()
        with ThreadPoolExecutor(len(self._servers)) as pool:
            list(pool.map(LoopbackServer.close, self._servers.values()))

    def fault(self, kind: str, **options: Any) -> None:
        """Arm a fault; see `Fault`."""
        self.faults.add(Fault(kind, **options))

    def add_model(self, name: str = "Quiet Harbour", **options: Any) -> FakeModel:
        """See `Library.add_model`."""
        return self.library.add_model(name, **options)

    def page_url(self, model: FakeModel, version: int | None = None) -> str:
        """The address a user would paste, here under the fake's own origin."""
        chosen = f"?modelVersionId={model.versions[version].version_id}" if version is not None else ""
        return f"{self.api_url}/models/{model.model_id}{chosen}"

    def requests_to(self, server: str, path: str = "") -> list[Request]:
        """What one server was asked on paths that hold `path`; `storage` stands for all back ends."""
        return [
            request
            for request in list(self.requests)
            if request.server in {server, f"{server}-r2", f"{server}-b2", f"{server}-hf"} and path in request.path
        ]

    def list_leaks(self) -> list[str]:
        """Every place where an API key or a cookie went that it must not go."""
        leaks = []
        secrets = dict.fromkeys(self.accounts, "api") | dict.fromkeys(self.hugging_face.tokens, "huggingface")
        for request in list(self.requests):
            where = f"{request.server} {request.path}"
            carried = " ".join((request.target, *request.headers.values()))
            if any(secret in carried and request.server != home for secret, home in secrets.items()):
                leaks.append(f"key sent to {where}")
            if request.server not in {"api", "huggingface"} and "authorization" in request.headers:
                leaks.append(f"Authorization sent to {where}")
            if "cookie" in request.headers:
                leaks.append(f"cookie sent to {where}")
            if any(secret in request.headers.get("referer", "") for secret in secrets):
                leaks.append(f"key in the Referer to {where}")
        return leaks

    def account_of(self, request: Request) -> Account | None:
        """The header wins over `?token=`; its scheme word is not looked at."""
        header = request.headers.get("authorization")
        if header is not None:
            words = header.split(" ")
            return self.accounts.get(words[1]) if len(words) > 1 else None
        return self.accounts.get(request.get("token") or "")

    def sign(self, file: FakeFile) -> str:
        backend = self.backend if self.backend != "alternate" else ("r2", "b2")[next(self._turns) % 2]
        name = f"storage-{backend}"
        return self.storage.sign(name, self._servers[name].origin, file)

    def is_over_quota(self, account: Account | None) -> bool:
        return self.quota is not None and self._downloads.get(account.username if account else "", 0) >= self.quota

    def count_download(self, account: Account | None) -> None:
        name = account.username if account else ""
        self._downloads[name] = self._downloads.get(name, 0) + 1

    def _record(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def _site(self, request: Request) -> Reply:
        if request.path.startswith("/__control/"):
            return control.answer(self, request)
        self._record(request)
        armed = self.faults.take("api", request.path)
        reply = self._replaced(armed) or self._rewritten(request, api.answer(self, request), armed)
        if reply.status == 307 and (redirect := find(armed, "redirect")):
            reply.headers["Location"] = redirect.text
        reply.headers = {"CF-RAY": f"{next(self._rays):016x}-FRA", "X-Handled-By": "fake", **reply.headers}
        return reply

    def _rewritten(self, request: Request, reply: Reply, armed: list[Fault]) -> Reply:
        """Production hosts become ours, as the real site writes the host it was asked under."""
        if "json" not in reply.headers.get("Content-Type", "") or not isinstance(reply.body, tuple):
            return reply
        text = b"".join(reply.body).decode()
        host = "https://undefined" if find(armed, "undefined_host") else self.api_url
        if not self.has_real_picture_hosts:
            text = text.replace("https://image.civitai.com", self._servers["images"].origin)
        for own in ("https://civitai.com", f"https://{request.host}"):
            text = text.replace(own, host)
        if find(armed, "truncated_json"):
            text = text[: len(text) // 2]
        body = text.encode()
        return Reply(reply.status, reply.headers, (body,), len(body))

    def _store(self, request: Request) -> Reply:
        self._record(request)
        armed = self.faults.take(request.server, request.path)
        return self._replaced(armed) or self.storage.answer(request, armed)

    def _hugging_face(self, request: Request) -> Reply:
        self._record(request)
        return self._replaced(self.faults.take("huggingface", request.path)) or self.hugging_face.answer(request)

    def _civ_archive(self, request: Request) -> Reply:
        self._record(request)
        return self._replaced(self.faults.take("civarchive", request.path)) or self.civ_archive.answer(request)

    def _sign_for_hugging_face(self, file: FakeFile) -> str:
        return self.storage.sign("storage-hf", self._servers["storage-hf"].origin, file)

    def _image(self, request: Request) -> Reply:
        self._record(request)
        return self._replaced(self.faults.take("images", request.path)) or images.answer(request)

    def _replaced(self, armed: list[Fault]) -> Reply | None:
        for fault in armed:
            if fault.kind == "drop":
                raise CutShort(is_reset=True)
            if fault.kind == "slow_headers":
                self.storage.held.set()
                self.storage.gate.wait()
            if fault.kind == "html":
                return html_reply(200, fault.text or "Maintenance")
            if fault.kind == "empty":
                return text_reply(200, "", "application/json")
            if fault.kind == "reply":
                kind = fault.headers.get("Content-Type", "application/json; charset=utf-8")
                return text_reply(fault.status, fault.text, kind, fault.headers)
        return None
