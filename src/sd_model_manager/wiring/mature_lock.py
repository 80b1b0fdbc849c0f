"""The passphrase that keeps mature content as the settings have it, until it is given."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sd_model_manager.registry.preferences import PreferenceStore

OPEN_SECONDS = 12 * 3600
"""How long a browser that gave the passphrase may go on without giving it again."""

_KEY = "mature_lock"
_REMEMBERED_SECONDS = 1.0
"""How long another process may not have heard of a change."""

_COST = {"n": 2**14, "r": 8, "p": 1}
"""Of scrypt: 16 MiB and some 50 ms for each guess."""


class MatureLock:
    """What is kept is a salted slow hash, and a key that passes are signed with: throwing that away closes them all.

    Safe to share between threads and processes.
    """

    def __init__(
        self,
        preferences: PreferenceStore,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._preferences = preferences
        self._clock = clock
        self._now = now
        self._guard = threading.Lock()
        self._kept: dict[str, str] | None = None
        self._read_at = float("-inf")

    @property
    def is_current(self) -> bool:
        """Whether what is kept was read less than a second ago."""
        return self._clock() - self._read_at <= _REMEMBERED_SECONDS

    @property
    def is_set(self) -> bool:
        return self._read() is not None

    def set(self, passphrase: str) -> None:
        salt = secrets.token_hex(16)
        self._write({"salt": salt, "hash": _hash(passphrase, salt), "key": secrets.token_hex(32)})

    def remove(self) -> None:
        self._write(None)

    def opens_with(self, passphrase: str) -> bool:
        """Whether this is the passphrase; any is where there is none."""
        kept = self._read()
        return kept is None or hmac.compare_digest(_hash(passphrase, kept["salt"]), kept["hash"])

    def make_pass(self) -> str:
        """What proves for a while that the passphrase was given; empty where there is none."""
        kept = self._read()
        until = str(int(self._now()) + OPEN_SECONDS)
        return f"{until}.{_sign(until, kept['key'])}" if kept else ""

    def is_open_to(self, given_pass: str) -> bool:
        kept = self._read()
        if kept is None:
            return True
        until, _, signature = given_pass.partition(".")
        is_ours = hmac.compare_digest(signature.encode(), _sign(until, kept["key"]).encode())
        return is_ours and int(until) > self._now()

    def close_all(self) -> None:
        """Every browser has to give the passphrase again."""
        if kept := self._read():
            self._write({**kept, "key": secrets.token_hex(32)})

    def _read(self) -> dict[str, str] | None:
        with self._guard:
            if not self.is_current:
                self._kept = self._preferences.read(_KEY)
                self._read_at = self._clock()
            return self._kept

    def _write(self, kept: dict[str, Any] | None) -> None:
        with self._guard:
            self._preferences.change({_KEY: kept}, now=datetime.now(UTC))
            self._kept, self._read_at = kept, self._clock()


def _hash(passphrase: str, salt: str) -> str:
    return hashlib.scrypt(passphrase.encode(), salt=bytes.fromhex(salt), dklen=32, **_COST).hex()


def _sign(until: str, key: str) -> str:
    return hmac.new(bytes.fromhex(key), until.encode(), hashlib.sha256).hexdigest()
