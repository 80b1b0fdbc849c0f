"""A fake Hugging Face: repository info, download links that lead to a CDN, and its ways of refusing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_world.library import FakeFile
from tests.support.fake_world.payloads import Payload
from tests.support.fake_world.server import Reply, Request, json_reply, text_reply

GOOD_TOKEN = "hf_0123456789abcdefghijklmnopqrstuv"

_INFO = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)/revision/(?P<revision>.+)")
_RESOLVE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")


@dataclass
class FakeRepository:
    """`files` by path. `granted` are the tokens that a gated or private repository is open to."""

    name: str
    files: dict[str, Payload]
    commit: str
    gated: bool | str = False
    private: bool = False
    disabled: bool = False
    granted: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)


class HuggingFace:
    """`sign` makes a CDN address for a file."""

    def __init__(self, sign: Callable[[FakeFile], str]) -> None:
        self.repositories: dict[str, FakeRepository] = {}
        self.tokens = {GOOD_TOKEN}
        self._sign = sign

    def add(self, name: str, files: dict[str, Payload], **options: Any) -> FakeRepository:
        commit = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
        made = FakeRepository(name, files, commit, **options)
        self.repositories[name] = made
        return made

    def answer(self, request: Request) -> Reply:
        if request.path == "/api/whoami-v2":
            return self._say_who(request)
        if request.path == "/api/models":
            return self._list(request)
        for pattern, answer in ((_INFO, self._describe), (_RESOLVE, self._resolve)):
            if found := pattern.fullmatch(request.path):
                repository = self.repositories.get(found["repo"])
                refusal = self._refuse(request, repository, found["revision"])
                if refusal is not None or repository is None:
                    return refusal or _no("RepoNotFound", 404, "Repository not found")
                return answer(request, repository, found)
        return text_reply(404, "Not found", "text/plain")

    def _say_who(self, request: Request) -> Reply:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return json_reply(401, {"error": "Invalid credentials in Authorization header"})
        return json_reply(200, {"type": "user", "name": "tester", "fullname": "A Tester", "auth": {}})

    def _list(self, request: Request) -> Reply:
        """The search: words in names, one tag, one author; the next page is named in a `Link` header."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in self.tokens:
            return json_reply(401, {"error": "Invalid credentials in Authorization header"})
        found = [self._facts_of(made) for made in self.repositories.values() if not made.private]
        found = [facts for facts in found if _is_found(request, facts)]
        if (sort := request.get("sort")) and all(sort in facts for facts in found):
            found.sort(key=lambda facts: facts[sort], reverse=request.get("direction") == "-1")
        start, limit = int(request.get("cursor") or 0), int(request.get("limit") or 1000)
        headers = {}
        if start + limit < len(found):
            kept = "&".join(f"{key}={request.get(key)}" for key in request.query if key != "cursor")
            headers["Link"] = f'<https://huggingface.co/api/models?{kept}&cursor={start + limit}>; rel="next"'
        return json_reply(200, found[start : start + limit], headers)

    def _facts_of(self, repository: FakeRepository) -> dict[str, Any]:
        return {
            "id": repository.name,
            "modelId": repository.name,
            "author": repository.name.partition("/")[0],
            "sha": repository.commit,
            "createdAt": "2026-02-01T12:00:00.000Z",
            "lastModified": "2026-03-01T12:00:00.000Z",
            "private": repository.private,
            "gated": repository.gated,
            "disabled": repository.disabled,
            "downloads": 12,
            "likes": 3,
            "trendingScore": 1,
            "pipeline_tag": "text-to-image",
            "tags": ["diffusers", "license:openrail++"],
            "siblings": [{"rfilename": path} for path in repository.files],
        } | repository.facts

    def _refuse(self, request: Request, repository: FakeRepository | None, revision: str) -> Reply | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in self.tokens:
            return _no("", 401, "Invalid credentials in Authorization header")
        if repository is None or (repository.private and token not in repository.granted):
            text = "Repository not found" if token else "Invalid username or password."
            return _no("RepoNotFound", 404 if token else 401, text)
        if repository.disabled:
            return _no("", 403, "Access to this resource is disabled.")
        is_download = "/resolve/" in request.path
        if is_download and repository.gated and token not in repository.granted:
            text = f"Access to model {repository.name} is restricted."
            return _no("GatedRepo", 403 if token else 401, text)
        if revision not in {"main", "refs/pr/1", repository.commit}:
            return _no("RevisionNotFound", 404, f"Invalid rev id: {revision}")
        return None

    def _describe(self, request: Request, repository: FakeRepository, _found: re.Match[str]) -> Reply:
        has_blobs = request.get("blobs") == "true"
        siblings = [
            {"rfilename": path, **(_blob(payload) if has_blobs else {})} for path, payload in repository.files.items()
        ]
        facts = {**self._facts_of(repository), "cardData": {"license": "openrail++"}, "siblings": siblings}
        return json_reply(200, facts | repository.facts, {"X-Repo-Commit": repository.commit})

    def _resolve(self, _request: Request, repository: FakeRepository, found: re.Match[str]) -> Reply:
        payload = repository.files.get(found["path"])
        if payload is None:
            return _no("EntryNotFound", 404, "Entry not found")
        name = found["path"].rpartition("/")[2]
        file = FakeFile(0, {"name": name}, payload)
        headers = {"Location": self._sign(file), "X-Repo-Commit": repository.commit}
        headers |= {"X-Linked-Size": str(payload.size_bytes), "X-Linked-Etag": f'"{payload.sha256}"'}
        return Reply(302, headers)


def _is_found(request: Request, facts: dict[str, Any]) -> bool:
    words, author, tag, kind = (request.get(key) for key in ("search", "author", "filter", "pipeline_tag"))
    return (
        (not words or words.lower() in facts["id"].lower())
        and (not author or facts["author"] == author)
        and (not tag or tag in facts["tags"])
        and (not kind or facts["pipeline_tag"] == kind)
    )


def _blob(payload: Payload) -> dict[str, Any]:
    size = payload.size_bytes
    facts: dict[str, Any] = {"size": size, "blobId": payload.sha256[:40]}
    return facts | ({"lfs": {"sha256": payload.sha256, "size": size, "pointerSize": 134}} if size > 5000 else {})


def _no(code: str, status: int, text: str) -> Reply:
    headers = {"X-Error-Message": text} | ({"X-Error-Code": code} if code else {})
    return json_reply(status, {"error": text}, headers)
