"""The one envelope around every JSON answer."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Answer(BaseModel, Generic[T]):
    success: Literal[True] = True
    data: T


class Failure(BaseModel):
    """`error` is one sentence for people: what happened and what to do. `code` is for programs."""

    success: Literal[False] = False
    error: str
    code: str
    details: dict[str, Any] = {}
