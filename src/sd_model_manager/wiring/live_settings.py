"""Settings while the program runs: what the environment fixes, what the user changed on the page, and the defaults."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError, create_model

from sd_model_manager.config import Settings
from sd_model_manager.lib.credentials import Credentials
from sd_model_manager.lib.errors import BadInput, Conflict
from sd_model_manager.lib.redaction import SecretFilter
from sd_model_manager.registry.preferences import PreferenceStore

_CURRENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SettingState:
    """One setting as the page shows it; a secret's value is never given.

    `choices` are all values it, or each item of a list, can be; empty where it is free. `minimum` and `maximum` are
    included.
    """

    key: str
    value: Any
    default: Any
    description: str
    is_secret: bool
    is_set: bool
    is_locked: bool
    is_editable: bool
    needs_restart: bool
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None


class LiveSettings:
    """Values in force. What the environment or the command line sets is locked and wins."""

    def __init__(
        self,
        fixed: Settings,
        preferences: PreferenceStore,
        credentials: Credentials,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.fixed = fixed
        self.on_change = on_change
        self._preferences = preferences
        self._credentials = credentials
        self._lock = threading.Lock()
        self._changed = preferences.read_all()
        self._read_at = time.monotonic()

    def get(self, key: str) -> Any:
        """The value in force, of the field's own type; a secret as text."""
        value = getattr(self.fixed, key)
        if key not in self.fixed.model_fields_set:
            if isinstance(value, SecretStr):
                return self._credentials.read(key)
            value = self._changed.get(key, value)
        return value.get_secret_value() if isinstance(value, SecretStr) else value

    def reload(self) -> None:
        """Take over what another process on the same database has changed."""
        changed = self._preferences.read_all()
        with self._lock:
            self._changed = changed
            self._read_at = time.monotonic()

    @property
    def is_current(self) -> bool:
        """Whether they were read less than a second ago."""
        return time.monotonic() - self._read_at <= _CURRENT_SECONDS

    def catch_up(self) -> None:
        """`reload`, unless they are current."""
        if not self.is_current:
            self.reload()

    def describe(self) -> list[SettingState]:
        """Every setting, in the order of the documentation."""
        return [self._describe(key) for key in Settings.model_fields]

    def hide_secrets(self, secret_filter: SecretFilter) -> None:
        """Keep the secrets in force out of the logs."""
        for key in filter(self._is_secret, Settings.model_fields):
            secret_filter.hide(self.get(key))

    def change(self, values: Mapping[str, Any]) -> None:
        """Change settings; `None` goes back to the default.

        Raises:
            BadInput: no such setting, not one to change here, or a value it cannot take.
            Conflict: the environment fixes it (`SETTING_LOCKED`).
        """
        checked = self._check(values)
        secrets = {key: value for key, value in checked.items() if self._is_secret(key)}
        plain = {key: value for key, value in checked.items() if key not in secrets}
        with self._lock:
            for key, value in secrets.items():
                self._credentials.write(key, "".join(str(value or "").split()))
            self._preferences.change(plain, now=datetime.now(UTC))
            self._changed = self._preferences.read_all()
        self.on_change()

    def _check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        for key in values:
            state = self._describe(key) if key in Settings.model_fields else None
            if state is None or not state.is_editable:
                raise BadInput(f"'{key}' is not a setting that can be changed here.", code="UNKNOWN_SETTING", key=key)
            if state.is_locked:
                raise Conflict(
                    f"'{key}' is set by the environment or the command line; change it there.",
                    code="SETTING_LOCKED",
                    key=key,
                )
        given = {key: value for key, value in values.items() if value is not None}
        try:
            _model_of(tuple(given))(**given)
        except ValidationError as error:
            wrong = {str(e["loc"][0]): e["msg"] for e in error.errors()}
            named = "; ".join(f"{key}: {message}" for key, message in wrong.items())
            raise BadInput(f"This cannot be set. {named}", code="BAD_SETTING", **wrong) from error
        return dict(values)

    def _describe(self, key: str) -> SettingState:
        field = Settings.model_fields[key]
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        is_secret = self._is_secret(key)
        value, default = self.get(key), field.get_default(call_default_factory=True)
        shape = _shapes()[key]
        return SettingState(
            key=key,
            value=None if is_secret else _to_json(value),
            default=None if is_secret else _to_json(default),
            description=field.description or "",
            is_secret=is_secret,
            is_set=bool(value) if is_secret else value != default,
            is_locked=key in self.fixed.model_fields_set,
            is_editable=bool(extra.get("is_editable")),
            needs_restart=bool(extra.get("needs_restart")),
            choices=tuple(shape.get("enum") or shape.get("items", {}).get("enum", ())),
            minimum=shape.get("minimum"),
            maximum=shape.get("maximum"),
        )

    @staticmethod
    def _is_secret(key: str) -> bool:
        return Settings.model_fields[key].annotation is SecretStr


@cache
def _shapes() -> dict[str, dict[str, Any]]:
    """What JSON Schema says of each setting."""
    shapes: dict[str, dict[str, Any]] = Settings.model_json_schema(by_alias=False)["properties"]
    return shapes


def _model_of(keys: tuple[str, ...]) -> type[BaseModel]:
    """Only these fields, with the rules they have in Settings."""
    fields: dict[str, Any] = {}
    for key in keys:
        original = Settings.model_fields[key]
        constraint = original._copy()
        constraint.validation_alias = None
        fields[key] = (original.annotation, constraint)
    return create_model("ChangedSettings", __config__={"extra": "forbid", "strict": False}, **fields)


def _to_json(value: Any) -> Any:
    if isinstance(value, list):
        return [str(item) for item in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)
