"""Keys lie where only their user reads them, and are never out of reach because of a keyring."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from sd_model_manager.lib import credentials
from sd_model_manager.lib.credentials import CredentialFile, Credentials, find_keyring
from sd_model_manager.lib.errors import DamagedFile


class FakeKeyring:
    """Keeps passwords, or fails as those of systems do."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None
        self.asked = 0
        self.gate = threading.Event()
        self.gate.set()

    def _answer(self) -> None:
        self.asked += 1
        self.gate.wait(30)
        if self.failure:
            raise self.failure

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        del self.kept[service, username]


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


def open_credentials(folder: Path, keyring: FakeKeyring | None) -> Credentials:
    return Credentials(CredentialFile(folder / "credentials.json"), "us", open_keyring=lambda: keyring)


def test_a_key_goes_to_the_keyring_and_not_into_the_file(tmp_path: Path, keyring: FakeKeyring) -> None:
    open_credentials(tmp_path, keyring).write("key", "sesame")
    assert keyring.kept == {("us", "key"): "sesame"}
    assert "sesame" not in (tmp_path / "credentials.json").read_text()
    assert open_credentials(tmp_path, keyring).read("key") == "sesame"


def test_a_keyring_that_has_nothing_of_ours_is_never_asked(tmp_path: Path, keyring: FakeKeyring) -> None:
    assert open_credentials(tmp_path, keyring).read("key") == ""
    open_credentials(tmp_path, None).write("key", "from the file")
    assert open_credentials(tmp_path, keyring).read("key") == "from the file"
    assert keyring.asked == 0


def test_without_a_keyring_a_key_lies_in_a_file_of_the_user_alone(tmp_path: Path) -> None:
    open_credentials(tmp_path, None).write("key", "sesame")
    path = tmp_path / "credentials.json"
    assert json.loads(path.read_text())["key"] == "sesame"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    assert open_credentials(tmp_path, None).read("key") == "sesame"


def test_a_keyring_that_fails_leaves_the_key_in_the_file(tmp_path: Path, keyring: FakeKeyring) -> None:
    keyring.failure = RuntimeError("no D-Bus")
    made = open_credentials(tmp_path, keyring)
    made.write("key", "sesame")
    assert made.read("key") == "sesame"
    assert open_credentials(tmp_path, None).read("key") == "sesame"


def test_the_newest_key_counts_wherever_the_older_one_lies(tmp_path: Path, keyring: FakeKeyring) -> None:
    open_credentials(tmp_path, None).write("key", "old")
    open_credentials(tmp_path, keyring).write("key", "new")
    assert open_credentials(tmp_path, keyring).read("key") == "new"
    assert "old" not in (tmp_path / "credentials.json").read_text()
    open_credentials(tmp_path, None).write("key", "newest")
    assert open_credentials(tmp_path, keyring).read("key") == "newest"


def test_a_forgotten_key_is_nowhere(tmp_path: Path, keyring: FakeKeyring) -> None:
    made = open_credentials(tmp_path, keyring)
    made.write("key", "sesame")
    made.write("key", "")
    assert made.read("key") == ""
    assert keyring.kept == {}
    keyring.failure = RuntimeError("gone")
    made.write("key", "")


def test_a_locked_keyring_is_not_waited_for_and_gives_no_key(
    tmp_path: Path, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_credentials(tmp_path, keyring).write("key", "sesame")
    monkeypatch.setattr(credentials, "_READ_SECONDS", 0.01)
    keyring.gate.clear()
    assert open_credentials(tmp_path, keyring).read("key") == ""
    keyring.gate.set()


def test_a_key_is_asked_for_once(tmp_path: Path, keyring: FakeKeyring) -> None:
    open_credentials(tmp_path, keyring).write("key", "sesame")
    keyring.asked = 0
    made = open_credentials(tmp_path, keyring)
    assert [made.read("key") for _ in range(5)] == ["sesame"] * 5
    assert keyring.asked == 1


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text("{")
    with pytest.raises(DamagedFile, match="Delete it"):
        open_credentials(tmp_path, None).read("key")


def test_a_keyring_that_refuses_or_forgets_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring.backends.fail
    import keyring.backends.null

    fail = keyring.backends.fail.Keyring()  # type: ignore[no-untyped-call]
    null = keyring.backends.null.Keyring()  # type: ignore[no-untyped-call]
    for backend in (fail, null):
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert find_keyring() is None
