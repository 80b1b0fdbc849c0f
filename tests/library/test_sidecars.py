"""What a scan makes of the files that other tools left beside a model."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.lookups import OwnMatch
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.sources.civitai.kept_answer import parse_version_body
from tests.support.library_bench import LibraryBench
from tests.support.model_files import write_safetensors

EXAMPLES = Path(__file__).parents[1] / "sidecars/examples"
LANTERN_SHA256 = json.loads((EXAMPLES / "lantern.metadata.json").read_bytes())["sha256"]


def put(library: LibraryBench, example: str, as_name: str | None = None, /, **changes: object) -> Path:
    """An example file in the library, with some of its keys changed."""
    path = library.root / (as_name or example)
    if changes:
        body = {**json.loads((EXAMPLES / example).read_bytes()), **changes}
        path.write_text(json.dumps(body), encoding="utf-8")
    else:
        shutil.copyfile(EXAMPLES / example, path)
    return path


def kinds(library: LibraryBench) -> list[str]:
    return [sidecar.kind for sidecar in library.only().sidecars]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lantern.metadata.json", "lora_manager"),
        ("lantern.cm-info.json", "stability_matrix"),
        ("lantern.api_info.json", "api_info"),
        ("lantern.sdnext.json", "sdnext"),
    ],
)
def test_a_model_is_known_by_what_another_tool_knew_of_it(library: LibraryBench, name: str, kind: str) -> None:
    library.add_lora("lantern.safetensors")
    put(library, name, "lantern.json" if kind == "sdnext" else name)
    library.scan()
    detail = library.only()
    assert detail.published is not None
    assert (detail.listing.name, detail.published.version_id) == ("Paper Lantern Style", "9100302")
    assert detail.hashes.claimed_sha256 == LANTERN_SHA256
    assert kinds(library) == [kind]


@pytest.mark.parametrize("name", ["lantern.json", "lantern.swarm.json", "lantern.md"])
def test_words_that_a_user_noted_elsewhere_are_the_models(library: LibraryBench, name: str) -> None:
    library.add_lora("lantern.safetensors")
    put(library, name)
    library.scan()
    assert library.only().listing.trigger_words[0] == "pprlntrn"


def test_sidecars_are_believed_in_their_order(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    for name in ("lantern.txt", "lantern.md", "lantern.swarm.json", "lantern.json", "lantern.api_info.json"):
        put(library, name)
    for name in ("lantern.civitai.info", "lantern.cm-info.json", "lantern.metadata.json", "lantern.description.txt"):
        put(library, name)
    library.scan()
    assert kinds(library) == [
        "lora_manager", "stability_matrix", "civitai_info", "api_info", "user_metadata", "swarm_ui", "model_page",
        "description", "text",
    ]  # fmt: skip


def test_a_field_that_one_sidecar_leaves_empty_comes_from_the_next(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "unmatched.metadata.json", "lantern.metadata.json", model_name="Evening lanterns", tags=["mine"])
    put(library, "lantern.json")
    put(library, "lantern.swarm.json")
    library.scan()
    listing = library.only().listing
    assert listing.name == "Evening lanterns"
    assert listing.trigger_words == ("pprlntrn", "paper lantern, glowing")
    assert set(listing.tags) == {"mine", "style", "light"}


def test_a_name_in_a_less_believed_sidecar_is_found_too(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "lantern.cm-info.json")
    library.scan()
    assert library.names(ModelFilter(text="for evenings")) == ["Paper Lantern Style"]


def test_a_version_that_two_sidecars_know_is_completed_from_both(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "lantern.cm-info.json", VersionName="dusk")
    put(library, "lantern.civitai.info")
    library.scan()
    published = library.only().published
    assert published is not None
    assert published.version_name == "dusk"
    assert len(published.images) == 1


def test_an_older_sidecar_that_comes_later_completes_a_version(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    os.utime(put(library, "lantern.cm-info.json"), (1_700_000_000, 1_700_000_000))
    library.scan()
    os.utime(put(library, "lantern.civitai.info"), (1_600_000_000, 1_600_000_000))
    library.scan()
    published = library.only().published
    assert published is not None
    assert len(published.images) == 1


def test_the_version_of_the_more_believed_sidecar_is_not_mixed_with_another(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "lantern.cm-info.json")
    put(library, "lantern.civitai.info", id=9100301, name="v1")
    library.scan()
    published = library.only().published
    assert published is not None
    assert (published.version_id, published.images) == ("9100302", ())


def test_a_model_of_a_longer_name_does_not_take_its_neighbours_sidecar(library: LibraryBench) -> None:
    for name in ("lantern", "lantern.v2"):
        library.add_lora(f"{name}.safetensors")
    put(library, "lantern.json", "lantern.v2.json")
    library.scan()
    words = {model.name: model.trigger_words for model in library.models()}
    assert words == {"lantern": (), "lantern.v2": ("pprlntrn", "paper lantern, glowing")}


def test_json_that_is_no_sidecar_is_no_trouble(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    (library.root / "lantern.json").write_text('{"nodes": [], "vae": {"block_out_channels": [128]}}')
    task = library.scan()
    assert kinds(library) == []
    assert task.error is None


def test_a_type_that_only_a_sidecar_tells_is_taken(library: LibraryBench) -> None:
    write_safetensors(library.root / "lantern.safetensors", {"lantern": ("F16", (4, 768))})
    put(library, "unmatched.metadata.json", "lantern.metadata.json", sub_type="embedding")
    library.scan()
    assert library.models()[0].type is ModelType.EMBEDDING


def test_a_base_model_that_only_a_sidecar_names_is_taken_unless_the_header_contradicts(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "lantern.json", **{"sd version": "SD 1.5 LCM"})
    library.scan()
    assert library.only().listing.base_model == "SD 1.5 LCM"
    put(library, "lantern.json", **{"sd version": "Illustrious"})
    library.scan()
    assert library.only().listing.base_model == "SD 1.5"


def test_a_hash_that_is_noted_beside_a_known_model_is_claimed(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    library.scan()
    put(library, "lantern.md")
    library.scan()
    assert library.only().hashes.claimed_sha256 == LANTERN_SHA256


def test_a_sidecar_does_not_undo_what_its_source_said_later(library: LibraryBench, database: Database) -> None:
    library.add_lora("lantern.safetensors")
    os.utime(put(library, "lantern.cm-info.json"), (1_700_000_000, 1_700_000_000))
    library.scan()
    version = parse_version_body((EXAMPLES / "lantern.civitai.info").read_bytes())
    assert version is not None
    answer = replace(version, version_name="as Civitai says now")
    PublishedRegistry(database).link(library.only().listing.model_id, answer, now=datetime.now(UTC))
    os.utime(put(library, "lantern.cm-info.json"), (1_700_000_001, 1_700_000_001))
    library.scan()
    published = library.only().published
    assert published is not None
    assert published.version_name == "as Civitai says now"


def test_a_sidecar_does_not_match_what_the_user_says_is_something_else(
    library: LibraryBench, database: Database
) -> None:
    library.add_lora("lantern.safetensors")
    put(library, "lantern.civitai.info")
    library.scan()
    model_id = library.only().listing.model_id
    PublishedRegistry(database).unlink(model_id)
    put(library, "lantern.cm-info.json")
    library.scan(full=True)
    assert library.only().published is None
    assert library.only().own_match is OwnMatch.NONE
