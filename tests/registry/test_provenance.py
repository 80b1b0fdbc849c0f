"""Who said what is shown of a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sd_model_manager.domain.local import Identity, SidecarClaim
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.registry.listing import KnownFacts, derive_listing
from sd_model_manager.registry.provenance import explain

HEADER = Identity(
    ModelType.LORA, FileFormat.SAFETENSORS, family="sdxl", base_model="SDXL 1.0", trigger_words=("from header",)
)
UNKNOWN = Identity(ModelType.UNKNOWN, FileFormat.SAFETENSORS)
VERSION = PublishedVersion(
    "civitai", "1", "2", "Lantern", "v1", ModelType.LORA, "", base_model="Pony", description_html="<p>d</p>",
    trigger_words=("lntrn",), tags=("light",),
)  # fmt: skip
CLAIM = SidecarClaim(
    model_name="Their name", base_model="Illustrious", trigger_words=("theirs",), tags=("style",),
    description_html="<p>theirs</p>", notes="Low.", preferred_weight=0.7, model_type=ModelType.EMBEDDING,
)  # fmt: skip
BARE = KnownFacts(UNKNOWN, "a.safetensors")


def test_a_model_of_which_nothing_is_known_has_its_files_name() -> None:
    assert explain(BARE, []).provenance == {"name": "file_name"}


def test_the_folder_tells_the_type_where_nothing_else_does() -> None:
    assert explain(replace(BARE, relative_path="loras/a.safetensors"), []).provenance["type"] == "folder"


def test_the_header_tells_what_it_can() -> None:
    assert explain(replace(BARE, identity=HEADER), []).provenance == {
        "name": "file_name", "type": "header", "base_model": "header", "trigger_words": "header",
    }  # fmt: skip


def test_a_sidecar_fills_every_field() -> None:
    explained = explain(replace(BARE, claims=(SidecarClaim(), CLAIM)), ["lora_manager", "swarm_ui"])
    assert set(explained.provenance.values()) == {"swarm_ui"}
    assert len(explained.provenance) == 8
    assert (explained.description_html, explained.preferred_weight) == ("<p>theirs</p>", 0.7)
    assert [(notes.kind, notes.text) for notes in explained.claimed_notes] == [("swarm_ui", "Low.")]


def test_a_source_is_named_before_a_sidecar_and_hides_its_description() -> None:
    explained = explain(replace(BARE, published=VERSION, claims=(CLAIM,)), ["swarm_ui"])
    assert explained.provenance == {
        "name": "civitai", "type": "civitai", "base_model": "civitai", "trigger_words": "civitai",
        "tags": "swarm_ui,civitai", "description": "civitai", "notes": "swarm_ui", "preferred_weight": "swarm_ui",
    }  # fmt: skip
    assert explained.description_html is None


def test_the_user_is_named_for_what_the_user_says() -> None:
    own = replace(BARE, own_name="My", own_type=ModelType.VAE, own_base_model="Mine", own_tags=("t",), notes="n")
    explained = explain(replace(own, published=VERSION, claims=(CLAIM,)), ["swarm_ui"])
    assert [explained.provenance[field] for field in ("name", "type", "base_model", "notes")] == ["user"] * 4
    assert explained.provenance["tags"] == "user,swarm_ui,civitai"


def test_the_header_is_named_where_it_contradicts_the_source() -> None:
    flux = replace(HEADER, family="flux1", base_model="Flux.1 D")
    facts = replace(BARE, identity=flux, published=VERSION)
    assert derive_listing(facts)["base_model"] == "Flux.1 D"
    assert explain(facts, []).provenance["base_model"] == "header"


@pytest.mark.parametrize("identity", [HEADER, UNKNOWN])
@pytest.mark.parametrize("published", [VERSION, None])
@pytest.mark.parametrize("claims", [(CLAIM,), ()])
@pytest.mark.parametrize("own_name", ["My", None])
def test_what_is_shown_has_an_origin_and_nothing_else_has(
    identity: Identity,
    published: PublishedVersion | None,
    claims: tuple[SidecarClaim, ...],
    own_name: str | None,
) -> None:
    facts = replace(BARE, identity=identity, published=published, claims=claims, own_name=own_name)
    listing = derive_listing(facts)
    shown = {field for field in ("name", "type", "base_model", "trigger_words", "tags") if listing[field]}
    if listing["type"] == "unknown":
        shown.remove("type")
    origins = explain(facts, ["swarm_ui"] * len(claims)).provenance
    assert shown == origins.keys() & {"name", "type", "base_model", "trigger_words", "tags"}
