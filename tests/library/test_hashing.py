"""One read gives every hash there is, the same as the field's own definitions give."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.library.fingerprint import quick_fingerprint
from sd_model_manager.library.hashing import hash_file

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
