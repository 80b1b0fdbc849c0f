"""Many clients that follow one download, and what each of them is told when.

Plain sockets, read by one thread that parses nothing meanwhile, so that the clients take as little as can be of the
processor that the server needs, and a message counts as arrived when it does.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_FINAL_BYTE = 0x80
_COMPRESSED = 0x40
_TEXT = 0x1


@dataclass(frozen=True)
class Told:
    """A message: when it came, how many bytes it counts, the state of its download."""

    at: float
    bytes_done: int
    state: str


@dataclass
class Client:
    socket: socket.socket
    pieces: list[tuple[float, bytes]] = field(default_factory=list)

    def is_over_after_reading(self) -> bool:
        """Take what has come. Returns whether the server has said goodbye, or is gone."""
        piece = self.socket.recv(65536)
        self.pieces.append((time.perf_counter(), piece))
        return not piece or _is_farewell(piece)

    def read_messages(self) -> Iterator[Told]:
        """What came; a message that came in pieces came with the last of them."""
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        waiting = b""
        for at, piece in self.pieces:
            waiting += piece
            while (found := _split_frame(waiting)) is not None:
                head, content, waiting = found
                if head & _COMPRESSED:
                    content = unpack.decompress(content + b"\x00\x00\xff\xff")
                if head & 0x0F == _TEXT:
                    task = json.loads(content)["task"]
                    yield Told(at, task["bytes_done"], task["state"])


class Crowd:
    """So many clients of one download, from `with` until the server has closed all their connections."""

    def __init__(self, url: str, task_id: str, count: int) -> None:
        self.clients = [Client(_connect(url, f"/ws/download/{task_id}")) for _ in range(count)]
        self._are_all_told = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="crowd", daemon=True)
        self._thread.start()

    def wait_for_first_messages(self, seconds: float) -> None:
        if not self._are_all_told.wait(seconds):
            raise SystemExit("some clients were told nothing")

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise SystemExit("some clients were never told that the download is over")

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for client in self.clients:
                selector.register(client.socket, selectors.EVENT_READ, client)
            while selector.get_map():
                for key, _ in selector.select():
                    if key.data.is_over_after_reading():
                        selector.unregister(key.data.socket)
                        key.data.socket.close()
                if not self._are_all_told.is_set() and all(client.pieces for client in self.clients):
                    self._are_all_told.set()


def _connect(url: str, path: str) -> socket.socket:
    """As a browser does, which offers to take compressed messages."""
    where = urlsplit(url)
    assert where.hostname is not None
    assert where.port is not None
    connection = socket.create_connection((where.hostname, where.port), 60)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {where.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate",
    )
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(1)
    if b" 101 " not in answer.partition(b"\r\n")[0]:
        raise SystemExit(f"the server refused a WebSocket: {answer.decode()}")
    return connection


def _is_farewell(piece: bytes) -> bool:
    """Whether a closing frame, of a code alone, is the last thing in it."""
    return len(piece) >= 4 and piece[-4] == _FINAL_BYTE | 0x8 and piece[-3] == 2


def _split_frame(waiting: bytes) -> tuple[int, bytes, bytes] | None:
    """The first byte of a frame, its content, and what comes behind it; `None` while it is not whole."""
    if len(waiting) < 4:
        return None
    length, start = waiting[1], 2
    if length == 126:
        length, start = int.from_bytes(waiting[2:4], "big"), 4
    end = start + length
    return (waiting[0], waiting[start:end], waiting[end:]) if len(waiting) >= end else None
