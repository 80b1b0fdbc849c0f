"""The two storage back ends: signed URLs, ranges, and every way in which a transfer goes wrong."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.support.fake_world.faults import Fault, Faults, find
from tests.support.fake_world.library import FakeFile
from tests.support.fake_world.server import CHUNK_BYTES, CutShort, Reply, Request, json_reply, xml_error

LAST_MODIFIED = "Sun, 01 Mar 2026 12:00:00 GMT"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass
class Signature:
    """One issued URL. `uses` counts the requests it was good for."""

    file: FakeFile
    epoch: int
    uses: int = 0


@dataclass
class Storage:
    """What both back ends share.

    Attributes:
        faults: the switches of the whole world.
        bytes_per_second: limit for each connection, `None` for as fast as it goes.
        one_time: whether a signed URL serves a single request.
        disposition: the Content-Disposition to announce, with `{name}`; `None` for no such header.
        gate: bodies that a `hold` fault stopped go on when it is set.
    """

    faults: Faults = field(default_factory=Faults)
    bytes_per_second: int | None = None
    one_time: bool = False
    disposition: str | None = 'attachment; filename="{name}"'
    gate: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    _epoch: int = 0
    _nonces: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _signatures: dict[str, Signature] = field(default_factory=dict)

    def expire_links(self) -> None:
        """Every URL given out so far is refused from now on."""
        self._epoch += 1

    def sign(self, backend: str, origin: str, file: FakeFile) -> str:
        """A fresh URL, as Cloudflare R2 or Backblaze B2 write it."""
        nonce = f"{next(self._nonces):08x}"
        self._signatures[nonce] = Signature(file, self._epoch)
        name = str(file.facts["name"])
        disposition = quote(self.disposition.format(name=name), safe="") if self.disposition else ""
        stem = re.sub(r"[^A-Za-z0-9]", "", name)[:40]
        if backend == "storage-b2":
            named = f"&b2ContentDisposition={disposition}" if disposition else ""
            path = f"/file/civitai-modelfiles/model/8800301/{stem}.{nonce[-4:]}.safetensors"
            return f"{origin}{path}?Authorization=3_20260901120000_{nonce}_004_20260901130000_0042_dnld{named}"
        named = f"&response-content-disposition={disposition}" if disposition else ""
        return (
            f"{origin}/model/8800301/{stem}.{nonce[-4:]}.safetensors?X-Amz-Expires=86400{named}"
            f"&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=FAKEKEY%2F20260901%2Fus-east-1%2Fs3%2Faws4_request"
            f"&X-Amz-Date=20260901T120000Z&X-Amz-SignedHeaders=host&X-Amz-Signature={nonce}"
        )

    def answer(self, request: Request, faults: list[Fault]) -> Reply:
        if "authorization" in request.headers:
            return xml_error(400, "InvalidRequest", "Missing x-amz-content-sha256")
        signature = self._signatures.get(_nonce_of(request))
        if signature is None:
            return xml_error(403, "SignatureDoesNotMatch", "The request signature does not match")
        if find(faults, "expired") or signature.epoch != self._epoch or (self.one_time and signature.uses):
            return xml_error(403, "ExpiredRequest", "Request has expired")
        if request.method == "HEAD" and request.server == "storage-r2":
            return xml_error(403, "SignatureDoesNotMatch", "The request signature does not match")
        signature.uses += 1
        if find(faults, "json_error"):
            return json_reply(200, {"error": "File not found"})
        return self._serve(request, signature.file, faults)

    def _serve(self, request: Request, file: FakeFile, faults: list[Fault]) -> Reply:
        size = file.payload.size_bytes
        headers = self._headers(request, file, faults)
        wanted = None if find(faults, "ignore_range") else _parse_range(request, headers)
        if wanted is None:
            reply = Reply(200, headers, self._body(file, 0, size, faults), size)
        else:
            start, end = wanted[0], min(wanted[1] if wanted[1] is not None else size - 1, size - 1)
            if start >= size or end < start:
                unsatisfiable = xml_error(416, "InvalidRange", "The requested range is not satisfiable")
                unsatisfiable.headers["Content-Range"] = f"bytes */{size}"
                return unsatisfiable
            if find(faults, "wrong_offset"):
                start = max(0, start - 1)
            total = size + (off.amount if (off := find(faults, "total_off")) else 0)
            headers["Content-Range"] = f"bytes {start}-{end}/{total}"
            reply = Reply(206, headers, self._body(file, start, end + 1, faults), end + 1 - start)
        return _distorted(reply, faults)

    def _headers(self, request: Request, file: FakeFile, faults: list[Fault]) -> dict[str, str]:
        headers = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
        headers["Last-Modified"] = LAST_MODIFIED
        disposition = request.get("response-content-disposition") or request.get("b2ContentDisposition")
        if disposition:
            headers["Content-Disposition"] = disposition.encode().decode("latin-1")
        if request.server != "storage-b2" and not find(faults, "no_etag"):
            changed = "x" if find(faults, "changed_etag") else ""
            digest = hashlib.md5(f"{file.file_id}{changed}".encode(), usedforsecurity=False).hexdigest()
            headers["ETag"] = f'"{digest}-7"'
        if request.server == "storage-b2":
            headers["x-bz-content-sha1"] = "none"
        return headers

    def _body(self, file: FakeFile, start: int, end: int, faults: list[Fault]) -> Iterator[bytes]:
        read = _corrupted(file.payload.read, corrupt) if (corrupt := find(faults, "corrupt")) else file.payload.read
        slow = find(faults, "slow")
        rate = slow.amount if slow else self.bytes_per_second
        stop = next((fault for fault in faults if fault.kind in {"cut", "reset", "hold"}), None)
        stop_at = min(end, start + stop.after_bytes) if stop else None
        for offset, size in _steps(start, end, stop_at, rate):
            if stop is not None and offset == stop_at:
                self._stop(stop)
            yield read(offset, size)
            if rate:
                time.sleep(size / rate)
        if stop is not None and stop_at == end:
            self._stop(stop)

    def _stop(self, fault: Fault) -> None:
        if fault.kind == "hold":
            self.held.set()
            self.gate.wait()
            return
        raise CutShort(is_reset=fault.kind == "reset")


def _nonce_of(request: Request) -> str:
    if signature := request.get("X-Amz-Signature"):
        return signature
    parts = (request.get("Authorization") or "").split("_")
    return parts[2] if len(parts) > 2 else ""


def _parse_range(request: Request, headers: dict[str, str]) -> tuple[int, int | None] | None:
    """`None` for the whole file: no range, one of a kind that is not served, or an If-Range that fits no more."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    condition = request.headers.get("if-range")
    if found is None or (condition and condition not in {headers.get("ETag"), LAST_MODIFIED}):
        return None
    return int(found[1]), int(found[2]) if found[2] else None


def _steps(start: int, end: int, stop_at: int | None, rate: int | None) -> Iterator[tuple[int, int]]:
    """Offsets and sizes, with a step that begins exactly where a fault is to strike."""
    step = max(1, min(CHUNK_BYTES, rate // 20)) if rate else CHUNK_BYTES
    offset = start
    while offset < end:
        limit = stop_at if stop_at is not None and offset < stop_at else end
        size = min(step, limit - offset)
        yield offset, size
        offset += size


def _corrupted(read: Callable[[int, int], bytes], fault: Fault) -> Callable[[int, int], bytes]:
    def wrong(offset: int, length: int) -> bytes:
        content = bytearray(read(offset, length))
        if offset <= fault.after_bytes < offset + length:
            content[fault.after_bytes - offset] ^= 0xFF
        return bytes(content)

    return wrong


def _distorted(reply: Reply, faults: list[Fault]) -> Reply:
    if find(faults, "endless"):
        headers = {name: value for name, value in reply.headers.items() if "range" not in name.lower()}
        return Reply(200, headers, itertools.chain(reply.body, itertools.repeat(bytes(CHUNK_BYTES))), None)
    if find(faults, "no_length"):
        reply.length = None
    if (off := find(faults, "length_off")) and reply.length is not None:
        reply = Reply(reply.status, reply.headers, _then_close(reply.body, reply.length, off.amount), reply.length)
        reply.length = max(0, (reply.length or 0) + off.amount)
    if find(faults, "gzip"):
        content = gzip.compress(b"".join(reply.body), compresslevel=1)
        reply = Reply(200, {**reply.headers, "Content-Encoding": "gzip"}, (content,), len(content))
        reply.headers.pop("Content-Range", None)
    return reply


def _then_close(body: object, length: int, amount: int) -> Iterator[bytes]:
    """No more than announced where too little is; a closed connection where too much is."""
    left = length + min(amount, 0)
    for part in body:  # type: ignore[attr-defined]
        yield part[:left]
        left -= len(part[:left])
    raise CutShort
