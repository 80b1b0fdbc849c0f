"""A file that is not what was announced never gets its name."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from sd_model_manager.download.transfer import Fetched
from sd_model_manager.download.transfer.request import find_checksum
from sd_model_manager.download.verify import Verdict, WrongHash, WrongSize, verify
from sd_model_manager.lib.errors import DamagedFile

CONTENT = b"weights"
HASH = sha256(CONTENT).hexdigest()


@pytest.fixture
def fetched(tmp_path: Path) -> Fetched:
    part = tmp_path / "model.bin.part"
    part.write_bytes(CONTENT)
    (tmp_path / "model.bin.part.json").write_text("{}")
    return Fetched(part, len(CONTENT), HASH)


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    return tmp_path / "quarantine" / "model.bin"


@pytest.mark.parametrize("announced", [HASH, HASH.upper(), f" {HASH}\n"])
def test_the_right_checksum_is_recognised_in_any_case(fetched: Fetched, aside: Path, announced: str) -> None:
    assert verify(fetched, quarantine_path=aside, sha256=announced) is Verdict.VERIFIED
    assert fetched.path.exists()


@pytest.mark.parametrize("announced", [None, "", "0" * 64, "E3B0C44298FC"])
def test_without_a_checksum_a_file_stays_unverified(fetched: Fetched, aside: Path, announced: str | None) -> None:
    assert verify(fetched, quarantine_path=aside, size_bytes=7, sha256=announced) is Verdict.UNVERIFIED


def test_a_wrong_checksum_puts_the_file_aside_and_names_both(fetched: Fetched, aside: Path) -> None:
    with pytest.raises(WrongHash) as caught:
        verify(fetched, quarantine_path=aside, sha256="ab" * 32)
    assert caught.value.details == {"expected": "ab" * 32, "got": HASH, "kept_at": str(aside)}
    assert aside.read_bytes() == CONTENT
    assert [path.name for path in fetched.path.parent.iterdir()] == ["quarantine"]


def test_what_was_put_aside_before_is_kept(fetched: Fetched, aside: Path) -> None:
    aside.parent.mkdir()
    aside.write_bytes(b"earlier")
    with pytest.raises(WrongHash) as caught:
        verify(fetched, quarantine_path=aside, sha256="ab" * 32)
    assert aside.read_bytes() == b"earlier"
    assert Path(caught.value.details["kept_at"]).read_bytes() == CONTENT


def test_a_size_counts_only_without_a_checksum(fetched: Fetched, aside: Path) -> None:
    assert verify(fetched, quarantine_path=aside, size_bytes=8, sha256=HASH) is Verdict.VERIFIED
    with pytest.raises(WrongSize, match="7 bytes instead of 8"):
        verify(fetched, quarantine_path=aside, size_bytes=8)
    assert aside.exists()


def test_a_file_that_does_not_open_is_put_aside(fetched: Fetched, aside: Path) -> None:
    def check(path: Path) -> None:
        raise DamagedFile(f"{path.name} has no header.")

    with pytest.raises(DamagedFile, match="no header"):
        verify(fetched, quarantine_path=aside, sha256=HASH, check_structure=check)
    assert aside.exists()


def test_the_structure_is_looked_at_in_place(fetched: Fetched, aside: Path) -> None:
    seen: list[Path] = []
    verify(fetched, quarantine_path=aside, check_structure=seen.append)
    assert seen == [fetched.path]


def test_checksums_are_lower_case_and_complete() -> None:
    assert find_checksum("AB" * 32) == "ab" * 32
    assert find_checksum("ab" * 31) is None
    assert find_checksum("xy" * 32) is None
