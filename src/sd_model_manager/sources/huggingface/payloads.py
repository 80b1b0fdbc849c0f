"""Hugging Face's repository info as it comes: `GET /api/models/{repo}/revision/{revision}?blobs=true`, and the entries
of `GET /api/models?full=true`, which have no sizes and no hashes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sd_model_manager.sources.lenient import Lenient, Moment, Texts, only_objects


class LfsPayload(Lenient):
    sha256: str | None = None
    size: int | None = None


class SiblingPayload(Lenient):
    path: str = Field(default="", alias="rfilename")
    size: int | None = None
    lfs: LfsPayload = LfsPayload()


class CardPayload(Lenient):
    license: str | None = None
    license_name: str | None = None
    instance_prompt: str | None = None


class RepositoryPayload(Lenient):
    """`gated` is false, "auto" or "manual"; `sha` the commit that the revision stands for."""

    id: str = ""
    sha: str | None = None
    author: str | None = None
    last_modified: Moment | None = Field(default=None, alias="lastModified")
    gated: Any = False
    disabled: bool = False
    downloads: int | None = None
    likes: int | None = None
    tags: Texts = ()
    card: CardPayload = Field(default=CardPayload(), alias="cardData")
    siblings: Annotated[tuple[SiblingPayload, ...], BeforeValidator(only_objects)] = ()
