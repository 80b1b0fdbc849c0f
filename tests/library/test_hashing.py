"""One read gives every hash there is, the same as the field's own definitions give."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zlib
from pathlib import Path

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.local import Hashes
from sd_model_manager.library.fingerprint import quick_fingerprint
from sd_model_manager.library.hashing import BLOCK_BYTES, hash_file

VECTORS = json.loads((Path(__file__).parent.parent / "support/fake_world/fixtures/payloads.json").read_bytes())


def make_payload(recipe: dict[str, int | str | dict[str, str]]) -> bytes:
    def weights(count: int) -> bytes:
        a, b = int(recipe["a"]), int(recipe["b"])  # type: ignore[arg-type]
        period = bytes((i * a + b) % 251 for i in range(251))
        return (period * (count // 251 + 1))[:count]

    if recipe["kind"] == "raw":
        return weights(int(recipe["bytes"]))  # type: ignore[arg-type]
    count = int(recipe["tensor_bytes"])  # type: ignore[arg-type]
    header = {"__metadata__": recipe["metadata"], "t": {"dtype": "U8", "shape": [count], "data_offsets": [0, count]}}
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + weights(count)


@pytest.mark.parametrize("name", list(VECTORS["payloads"]))
def test_hashes_are_those_civitai_gives_for_the_same_bytes(tmp_path: Path, name: str) -> None:
    payload = VECTORS["payloads"][name]
    path = tmp_path / payload["file_name"]
    path.write_bytes(make_payload(payload["recipe"]))
    expected = {key.lower(): digits.lower() for key, digits in payload["hashes"].items()}
    hashes = hash_file(path)
    assert hashes.sha256 == expected["sha256"]
    assert hashes.autov2 == expected["autov2"]
    assert hashes.blake3 == expected["blake3"]
    assert bytes.fromhex(hashes.crc32)[::-1].hex() == expected["crc32"]
    if payload["recipe"]["kind"] == "safetensors":
        assert hashes.autov1 == expected.get("autov1")
        assert (hashes.autov3 or "")[:12] == expected.get("autov3", "")


@given(content=st.binary(max_size=5000), header=st.integers(0, 6000))
def test_whatever_the_bytes_are_the_hashes_are_theirs(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, header: int
) -> None:
    raw = header.to_bytes(8, "little") + content
    path = tmp_path_factory.mktemp("h") / "f"
    path.write_bytes(raw)
    told: list[int] = []
    hashes = hash_file(path, told.append)
    assert hashes.sha256 == hashlib.sha256(raw).hexdigest()
    assert hashes.blake3 == blake3(raw).hexdigest()
    assert hashes.crc32 == f"{zlib.crc32(raw):08x}"
    assert told[-1] == len(raw)
    if hashes.autov3:
        assert hashes.autov3 == hashlib.sha256(raw[8 + header :]).hexdigest()


def test_a_callback_can_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 3_000_000)

    def stop(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        hash_file(path, stop)


def check(path: Path, raw: bytes, *, block_bytes: int = BLOCK_BYTES, lanes_from_bytes: int = 8 * 1024 * 1024) -> None:
    """The hashes of a file, by their definitions, and that its reader was told of every byte in order."""
    told: list[int] = []
    hashes = hash_file(path, told.append, block_bytes=block_bytes, lanes_from_bytes=lanes_from_bytes)
    header = int.from_bytes(raw[:8], "little")
    is_safetensors = len(raw) >= 8 and 2 <= header <= len(raw) - 8
    assert hashes == Hashes(
        sha256=hashlib.sha256(raw).hexdigest(),
        blake3=blake3(raw).hexdigest(),
        crc32=f"{zlib.crc32(raw):08x}",
        autov2=hashlib.sha256(raw).hexdigest()[:10],
        autov1=hashlib.sha256(raw[0x100000:0x110000]).hexdigest()[:8] if len(raw) >= 0x200000 else None,
        autov3=hashlib.sha256(raw[8 + header :]).hexdigest() if is_safetensors else None,
    )
    assert told == sorted(set(told))
    assert told[-1:] == ([len(raw)] if raw else [])


@given(content=st.binary(max_size=300), header=st.integers(0, 320), block=st.integers(1, 70), lanes=st.booleans())
def test_where_blocks_end_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, header: int, block: int, lanes: bool
) -> None:
    raw = header.to_bytes(8, "little") + content
    path = tmp_path_factory.mktemp("h") / "f"
    path.write_bytes(raw)
    check(path, raw, block_bytes=block, lanes_from_bytes=0 if lanes else 10_000)


@pytest.mark.parametrize("beyond", [-1, 0, 1])
@pytest.mark.parametrize("blocks", [0, 2, 4, 5])
def test_sizes_around_whole_blocks_are_read_to_the_last_byte(tmp_path: Path, blocks: int, beyond: int) -> None:
    size = max(0, blocks * BLOCK_BYTES + beyond)
    raw = ((9000).to_bytes(8, "little") + bytes(range(256)) * (size // 256 + 1))[:size]
    path = tmp_path / "f"
    path.write_bytes(raw)
    check(path, raw)


@pytest.mark.parametrize("block", [0x100000 - 1, 0x100000, 0x108000, 0x110000 + 1])
def test_the_window_of_autov1_may_lie_across_blocks(tmp_path: Path, block: int) -> None:
    raw = bytes(range(251)) * 10_000
    path = tmp_path / "f"
    path.write_bytes(raw)
    check(path, raw, block_bytes=block, lanes_from_bytes=0)


@pytest.mark.parametrize("stop_at_call", [1, 2, 6, 10])
def test_a_large_file_is_left_when_a_callback_stops_it_and_no_thread_stays(tmp_path: Path, stop_at_call: int) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(10 * 4096))
    threads_before = threading.active_count()
    told: list[int] = []

    def stop(count: int) -> None:
        told.append(count)
        if len(told) == stop_at_call:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        hash_file(path, stop, block_bytes=4096, lanes_from_bytes=0)
    assert told == [4096 * (i + 1) for i in range(stop_at_call)]
    assert threading.active_count() == threads_before


@pytest.mark.parametrize("lanes_from_bytes", [0, 1_000_000])
def test_a_file_that_shrinks_while_it_is_read_ends_where_it_ends(tmp_path: Path, lanes_from_bytes: int) -> None:
    raw = bytes(range(256)) * 400
    path = tmp_path / "f"
    path.write_bytes(raw)
    told: list[int] = []

    def shrink(count: int) -> None:
        told.append(count)
        if len(told) == 1:
            os.truncate(path, 50_001)

    hashes = hash_file(path, shrink, block_bytes=4096, lanes_from_bytes=lanes_from_bytes)
    assert told[-1] == 50_001
    assert hashes.sha256 == hashlib.sha256(raw[:50_001]).hexdigest()
    assert hashes.blake3 == blake3(raw[:50_001]).hexdigest()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"directory|denied"):
        hash_file(tmp_path)


@pytest.mark.parametrize("size", [0, 1, 100_000, 262_144, 262_145, 3_000_000])
def test_a_fingerprint_tells_contents_apart_by_size_header_and_samples(tmp_path: Path, size: int) -> None:
    path = tmp_path / "f"
    content = bytearray(size)

    def fingerprint() -> str:
        path.write_bytes(content)
        with path.open("rb") as file:
            return quick_fingerprint(file, len(content), 1000)

    before = fingerprint()
    assert fingerprint() == before
    content.append(1)
    assert fingerprint() != before
    content.pop()
    if size:
        content[-1] ^= 1
        assert fingerprint() != before
