"""Secrets that the user entered: in the system's keyring where there is one, else in a file only the user can read.

What went to the keyring is noted in the file, so that the keyring, which may ask for a password, is only ever opened
for secrets that are in it.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sd_model_manager.lib.errors import DamagedFile
from sd_model_manager.lib.paths import write_atomically

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_IN_KEYRING = "in_keyring:"
"""Before the name of a secret whose value the keyring has."""

_READ_SECONDS = 8.0
_WRITE_SECONDS = 60.0
"""A locked keyring asks its user first; without a desktop there may be nobody to answer."""


class Keyring(Protocol):
    """As `keyring.backend.KeyringBackend`; each method raises its own errors when it cannot."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class KeyringUnusable(Exception):
    """It is locked, gone, or does not answer; what was asked of it is to be had without it."""


def find_keyring() -> Keyring | None:
    """The system's keyring, where there is a safe one. Takes a tenth of a second the first time."""
    import keyring

    backend = keyring.get_keyring()
    is_safe = backend.priority >= 1  # below are those that refuse, forget, or write plain text
    return backend if is_safe else None


class Credentials:
    """Secrets by name, remembered after the first look. Never logged and never part of an answer.

    `service` is under which name the keyring keeps them, one per data folder.
    """

    def __init__(
        self, file: CredentialFile, service: str, *, open_keyring: Callable[[], Keyring | None] = find_keyring
    ) -> None:
        self._file = file
        self._service = service
        self._open_keyring = open_keyring
        self._lock = threading.Lock()
        self._seen: dict[str, str] = {}

    def read(self, name: str) -> str:
        """Empty where there is none, or where the keyring does not give it. Raises DamagedFile."""
        if not self._file.read(_IN_KEYRING + name):
            return self._file.read(name)
        with self._lock:
            if name not in self._seen:
                self._seen[name] = self._read_from_keyring(name)
            return self._seen[name]

    def write(self, name: str, secret: str) -> None:
        """Keep a secret; an empty one is forgotten."""
        with self._lock:
            self._seen.pop(name, None)
            if not secret:
                self._forget(name)
            elif self._write_to_keyring(name, secret):
                self._seen[name] = secret
                self._file.write(_IN_KEYRING + name, "yes")
                self._file.write(name, "")
            else:
                self._file.write(name, secret)
                self._file.write(_IN_KEYRING + name, "")

    def _forget(self, name: str) -> None:
        if self._file.read(_IN_KEYRING + name):
            try:
                self._ask(lambda keyring: keyring.delete_password(self._service, name), _WRITE_SECONDS)
            except KeyringUnusable as error:
                log.warning("the keyring did not remove %s: %s", name, error)
        self._file.write(_IN_KEYRING + name, "")
        self._file.write(name, "")

    def _read_from_keyring(self, name: str) -> str:
        try:
            return self._ask(lambda keyring: keyring.get_password(self._service, name), _READ_SECONDS) or ""
        except KeyringUnusable as error:
            log.warning(
                "%s is in the keyring, which does not give it (%s). Unlock it and start again, or enter the key anew.",
                name,
                error,
            )
            return ""

    def _write_to_keyring(self, name: str, secret: str) -> bool:
        def keep(keyring: Keyring) -> bool:
            keyring.set_password(self._service, name, secret)
            return keyring.get_password(self._service, name) == secret

        try:
            return self._ask(keep, _WRITE_SECONDS)
        except KeyringUnusable as error:
            log.info("%s is kept in a file: %s", name, error)
            return False

    def _ask(self, question: Callable[[Keyring], _Answer], patience_seconds: float) -> _Answer:
        """What the keyring answers; one that waits for a user who is not there is given up.

        Raises KeyringUnusable.
        """
        answers: queue.SimpleQueue[_Answer | KeyringUnusable] = queue.SimpleQueue()

        def ask() -> None:
            try:
                keyring = self._open_keyring()
                answers.put(question(keyring) if keyring else KeyringUnusable("there is no safe keyring"))
            except Exception as error:  # noqa: BLE001 - a keyring is a plugin with errors of its own (D-Bus, COM, ...)
                answers.put(KeyringUnusable(type(error).__name__))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=patience_seconds)
        except queue.Empty as error:
            raise KeyringUnusable("it does not answer") from error
        if isinstance(answer, KeyringUnusable):
            raise answer
        return answer


class CredentialFile:
    """Secrets by name. Never logged and never part of an answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self, name: str) -> str:
        """Empty where there is none. Raises DamagedFile."""
        return self._read_all().get(name, "")

    def write(self, name: str, secret: str) -> None:
        """Keep a secret; an empty one is forgotten."""
        with self._lock:
            secrets = self._read_all()
            secrets.pop(name, None)
            if secret:
                secrets[name] = secret
            write_atomically(self._path, json.dumps(secrets).encode())
            if os.name == "posix":
                self._path.chmod(0o600)

    def _read_all(self) -> dict[str, str]:
        try:
            secrets = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise DamagedFile(
                f"The file with the saved keys ({self._path}) cannot be read. Delete it and enter the keys again.",
                code="KEYS_UNREADABLE",
                path=str(self._path),
            ) from error
        return {str(name): str(secret) for name, secret in secrets.items()} if isinstance(secrets, dict) else {}
