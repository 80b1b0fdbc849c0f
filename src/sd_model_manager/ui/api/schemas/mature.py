"""Mature content and its lock."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from sd_model_manager.domain.maturity import MatureLevel, Treatment

MIN_PASSPHRASE = 4
_New = Annotated[str, StringConstraints(min_length=MIN_PASSPHRASE, max_length=200)]
_Given = Annotated[str, StringConstraints(max_length=200)]


class MatureOut(BaseModel):
    """`treatment` is what holds for this browser: while `is_locked`, what the settings would show is blurred.
    `has_passphrase`: it can be locked."""

    treatment: Treatment
    mature_from: MatureLevel
    has_passphrase: bool
    is_locked: bool


class UnlockIn(BaseModel):
    model_config = {"extra": "forbid"}

    passphrase: _Given


class PassphraseIn(BaseModel):
    """`passphrase`: the new one, `null` to do without. `current`: the one there is, where there is one."""

    model_config = {"extra": "forbid"}

    passphrase: _New | None
    current: _Given = ""
