"""The sources there are, in the order in which they are asked whether a pasted text is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sd_model_manager.domain.published import Reference
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.sources.civarchive.source import CivArchiveSource
from sd_model_manager.sources.civitai.source import CivitaiSource
from sd_model_manager.sources.direct_url import DirectUrlSource
from sd_model_manager.sources.huggingface.source import HuggingFaceSource
from sd_model_manager.sources.source import Source


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the sources need to know of the configuration."""

    civitai_base_url: str = "https://civitai.com"
    civitai_api_key: str = field(default="", repr=False)
    huggingface_base_url: str = "https://huggingface.co"
    huggingface_token: str = field(default="", repr=False)
    civarchive_base_url: str = "https://civarchive.com"


SOURCES: tuple[Callable[[SourceSettings], Source], ...] = (
    lambda settings: CivitaiSource(settings.civitai_base_url, settings.civitai_api_key),
    lambda settings: HuggingFaceSource(settings.huggingface_base_url, settings.huggingface_token),
    lambda settings: CivArchiveSource(settings.civarchive_base_url),
    lambda _settings: DirectUrlSource(),
)
"""How each source is made. A new source is one more line; the plain link comes last, it takes any address."""


def build_sources(settings: SourceSettings) -> tuple[Source, ...]:
    return tuple(make(settings) for make in SOURCES)


def recognise(text: str, sources: Sequence[Source]) -> tuple[Source, Reference]:
    """Find the source that knows what a pasted text means.

    Raises:
        BadInput: none does, or the one that does says that it names no model.
    """
    if not text.strip():
        raise BadInput("Paste a link to a model, such as https://civitai.com/models/123.", code="BAD_URL")
    for source in sources:
        if (reference := source.recognise(text)) is not None:
            return source, reference
    raise BadInput(
        "This names no model. Paste the address of a Civitai model page or a Hugging Face repository, an AIR, "
        "or an https link to a model file.",
        code="BAD_URL",
    )
