"""What others say a file's hashes are is used at once, verified by its bytes, and told where it is wrong."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.library.hashing import hash_file
from tests.support.library_bench import LibraryBench

NOTHING = hashlib.sha256(b"").hexdigest()


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")


def write_metadata(path: Path, **fields: str) -> Path:
    """What LoRA Manager writes beside a model."""
    sidecar = path.with_suffix(".metadata.json")
    sidecar.write_text(json.dumps({"file_name": path.stem, "sha256": "", **fields}))
    return sidecar


def claims(library: LibraryBench) -> set[tuple[str, str, str]]:
    return {(claim.origin, claim.kind.value, claim.state.value) for claim in library.only().claimed_hashes}


def test_claims_of_a_sidecar_are_used_at_once_and_verified_by_the_bytes(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    hashes = hash_file(path)
    write_metadata(path, sha256=hashes.sha256.upper(), autov3=(hashes.autov3 or "")[:12])
    library.scan()
    assert library.only().hashes.claimed_sha256 == hashes.sha256
    found = library.catalog.find_by_sha256(hashes.sha256)
    assert found is not None
    assert found.model_id == library.only().listing.model_id
    assert claims(library) == {("lora_manager", "sha256", "unverified"), ("lora_manager", "autov3", "unverified")}
    library.hash()
    assert claims(library) == {("lora_manager", "sha256", "verified"), ("lora_manager", "autov3", "verified")}


def test_a_claim_that_the_bytes_contradict_is_told(library: LibraryBench, caplog: pytest.LogCaptureFixture) -> None:
    path = library.add_lora("a.safetensors")
    sidecar = write_metadata(path, sha256="ab" * 32)
    library.scan()
    library.hash()
    assert claims(library) == {("lora_manager", "sha256", "contradicted")}
    assert "lora_manager says a sha256" in caplog.text
    write_metadata(path, sha256=hash_file(path).sha256)
    library.scan()
    assert claims(library) == {("lora_manager", "sha256", "verified")}
    sidecar.unlink()
    library.scan()
    assert claims(library) == set()


@pytest.mark.parametrize("key", ["sshs_model_hash", "modelspec.hash_sha256"])
def test_a_header_claims_the_hash_of_what_stands_behind_it(library: LibraryBench, key: str) -> None:
    plain = library.add_lora("plain.safetensors", metadata={})
    weights = hash_file(plain).autov3 or ""
    plain.unlink()
    library.add_lora("a.safetensors", metadata={key: f"0x{weights}"})
    library.scan()
    assert claims(library) == {("header", "autov3", "unverified")}
    library.hash()
    assert claims(library) == {("header", "autov3", "verified")}


@pytest.mark.parametrize("digits", [NOTHING, f"0x{NOTHING}", "0" * 64, "none", ""])
def test_a_placeholder_in_a_header_claims_nothing(library: LibraryBench, digits: str) -> None:
    library.add_lora("a.safetensors", metadata={"modelspec.hash_sha256": digits})
    library.scan()
    assert claims(library) == set()


@pytest.mark.parametrize("order", [1, -1])
def test_a_crc32_is_known_in_either_order_of_its_bytes(library: LibraryBench, order: int) -> None:
    path = library.add_lora("a.safetensors")
    digits = bytes.fromhex(hash_file(path).crc32)[::order].hex()
    write_metadata(path, crc32=digits)
    library.scan()
    library.hash()
    assert claims(library) == {("lora_manager", "crc32", "verified")}
