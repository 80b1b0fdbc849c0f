"""Secrets that the user entered: one small file that only the user can read."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from sd_model_manager.lib.errors import DamagedFile
from sd_model_manager.lib.paths import write_atomically


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
                f"The file with the saved keys ({self._path}) cannot be read. Delete it and enter the keys again."
            ) from error
        return {str(name): str(secret) for name, secret in secrets.items()} if isinstance(secrets, dict) else {}
