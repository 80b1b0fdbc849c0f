"""What the user says of a model is kept with its content, whatever becomes of the file."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.catalogue import ModelDetail, ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.identify.identity import RULES_VERSION
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.user_data import UserData
from tests.support.library_bench import LibraryBench

EVERYTHING = UserChange(
    favorite=True,
    rating=4,
    notes="at 0.7\nnot with faces",
    tags=("ink", "to try"),
    own_name="The inky one",
    own_type=ModelType.STYLE_MODEL,
    own_base_model="Pony",
)


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")


@pytest.fixture
def user_data(database: Database) -> UserData:
    return UserData(database)


@pytest.fixture
def model_id(library: LibraryBench) -> ModelId:
    library.add_lora("loras/a.safetensors")
    library.scan()
    return library.only().listing.model_id


def assert_all_is_said(detail: ModelDetail) -> None:
    listing = detail.listing
    assert (listing.favorite, listing.rating, detail.notes) == (True, 4, "at 0.7\nnot with faces")
    assert (detail.own_name, detail.own_type, detail.own_base_model) == ("The inky one", "style_model", "Pony")
    assert (listing.name, listing.type, listing.base_model) == ("The inky one", "style_model", "Pony")
    assert detail.own_tags == ("ink", "to try")
    assert set(listing.tags) >= {"ink", "to try"}


def test_everything_said_is_kept_and_shown(library: LibraryBench, user_data: UserData, model_id: ModelId) -> None:
    user_data.change(model_id, EVERYTHING)
    assert_all_is_said(library.only())


def test_what_the_file_says_of_itself_is_kept_beside(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    user_data.change(model_id, EVERYTHING)
    identity = library.only().identity
    assert (identity.type, identity.base_model) == (ModelType.LORA, "SD 1.5")


def test_what_is_taken_back_is_told_by_the_file_again(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    user_data.change(model_id, EVERYTHING)
    user_data.change(model_id, UserChange(rating=None, tags=(), own_name=None, own_type=None, own_base_model=None))
    detail = library.only()
    listing = detail.listing
    assert (listing.name, listing.type, listing.base_model, listing.tags) == ("a", "lora", "SD 1.5", ())
    assert (listing.rating, listing.favorite, detail.notes) == (None, True, "at 0.7\nnot with faces")


@pytest.mark.parametrize(
    "change",
    [UserChange(favorite=False), UserChange(rating=4), UserChange(notes="at 0.7\nnot with faces"), UserChange()],
)
def test_a_change_of_one_thing_leaves_the_others(
    library: LibraryBench, user_data: UserData, model_id: ModelId, change: UserChange
) -> None:
    user_data.change(model_id, EVERYTHING)
    user_data.change(model_id, change)
    user_data.change(model_id, UserChange(favorite=True))
    assert_all_is_said(library.only())


def test_a_model_that_is_not_there_cannot_be_spoken_of(user_data: UserData) -> None:
    with pytest.raises(NotFound, match="7"):
        user_data.change(ModelId(7), EVERYTHING)
    with pytest.raises(NotFound, match="7"):
        user_data.change(ModelId(7), UserChange())


def move(library: LibraryBench) -> None:
    (library.root / "vae").mkdir()
    (library.root / "loras/a.safetensors").rename(library.root / "vae/renamed.safetensors")
    library.scan()


def copy(library: LibraryBench) -> None:
    shutil.copy(library.root / "loras/a.safetensors", library.root / "b.safetensors")
    library.scan()


def delete_and_put_back(library: LibraryBench) -> None:
    path = library.root / "loras/a.safetensors"
    content = path.read_bytes()
    library.add_lora("b.safetensors")
    path.unlink()
    library.scan()
    (library.root / "b.safetensors").rename(library.root.parent / "b.safetensors")
    path.write_bytes(content)
    library.scan()


def unplug(library: LibraryBench) -> None:
    library.root.rename(library.root.with_name("unplugged"))
    library.scan()


def unplug_and_plug_in(library: LibraryBench) -> None:
    unplug(library)
    library.root.with_name("unplugged").rename(library.root)
    library.scan()


def take_the_folder_off(library: LibraryBench) -> None:
    library.folders.remove(library.folder_id)


def identify_by_newer_rules(library: LibraryBench) -> None:
    library.indexing.rules_version = RULES_VERSION + 1
    library.scan()


def learn_from_the_source(library: LibraryBench, *tags: str) -> None:
    """Put beside the model what Civitai says of it, and scan."""
    about_model = {"name": "Ink", "type": "VAE", "tags": tags}
    body = {"id": 8, "modelId": 7, "name": "v1", "baseModel": "SD 1.5", "model": about_model, "files": []}
    (library.root / "loras/a.civitai.info").write_text(json.dumps(body))
    library.scan()
    assert library.only().published


@pytest.mark.parametrize(
    "happens",
    [
        move,
        copy,
        delete_and_put_back,
        unplug,
        unplug_and_plug_in,
        take_the_folder_off,
        identify_by_newer_rules,
        learn_from_the_source,
        lambda library: library.scan(),
        lambda library: library.scan(full=True),
        lambda library: library.hash(),
    ],
    ids=lambda happens: happens.__name__,
)
def test_all_of_it_survives(
    library: LibraryBench, user_data: UserData, model_id: ModelId, happens: Callable[[LibraryBench], None]
) -> None:
    user_data.change(model_id, EVERYTHING)
    happens(library)
    assert_all_is_said(library.catalog.get(model_id))


def test_own_tags_stand_beside_those_of_the_source_and_outlast_them(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    user_data.change(model_id, UserChange(tags=("Style", "to try", "TO TRY", " ")))
    learn_from_the_source(library, "style", "anime")
    assert library.only().listing.tags == ("Style", "to try", "anime")
    learn_from_the_source(library, "line art")
    assert library.only().listing.tags == ("Style", "to try", "line art")
    assert library.only().own_tags == ("Style", "to try")
    assert library.names(ModelFilter(tags=("to try",))) == library.names(ModelFilter(tags=("line art",))) == ["Ink"]
    assert library.names(ModelFilter(tags=("anime",))) == []


def test_own_tags_are_taken_back_without_those_of_the_source(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    learn_from_the_source(library, "style", "anime")
    user_data.change(model_id, UserChange(tags=("Style", "to try")))
    user_data.change(model_id, UserChange(tags=()))
    assert library.only().listing.tags == ("style", "anime")


def test_two_contents_that_turn_out_to_be_one_lose_nothing_the_user_said(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    (other,) = {model.model_id for model in library.models()} - {model_id}
    user_data.change(model_id, UserChange(notes="first", tags=("ink",), own_name="Kept", rating=2))
    user_data.change(other, UserChange(**{**_fields_of(EVERYTHING), "tags": ("INK", "to try"), "notes": "second"}))
    library.hashes.note_sha256(model_id, "a" * 64)
    assert library.hashes.note_sha256(other, "a" * 64) == model_id
    detail = library.only()
    assert (detail.listing.favorite, detail.listing.rating, detail.notes) == (True, 2, "first\n\nsecond")
    assert (detail.listing.name, detail.listing.type, detail.listing.base_model) == ("Kept", "style_model", "Pony")
    assert detail.own_tags == detail.listing.tags == ("ink", "to try")
    assert library.names(ModelFilter(text="to try", tags=("to try",))) == ["Kept"]


def test_a_merged_model_shows_what_was_said_of_the_one_that_is_gone(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    (other,) = {model.model_id for model in library.models()} - {model_id}
    user_data.change(other, EVERYTHING)
    library.hashes.note_sha256(model_id, "a" * 64)
    library.hashes.note_sha256(other, "a" * 64)
    assert_all_is_said(library.only())
    assert library.names(ModelFilter(text="inky", types=("style_model",))) == ["The inky one"]


@pytest.mark.parametrize("words", ["INKY", "to try", "inky a.safetensors"])
def test_search_finds_the_own_name_and_the_own_tags(
    library: LibraryBench, user_data: UserData, model_id: ModelId, words: str
) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    user_data.change(model_id, EVERYTHING)
    assert library.names(ModelFilter(text=words)) == ["The inky one"]


def test_filters_and_their_counts_go_by_what_the_user_says(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    user_data.change(model_id, EVERYTHING)
    counts = library.catalog.count_facets(ModelFilter()).counts
    assert dict(counts["type"]) == {"style_model": 1, "lora": 1}
    assert dict(counts["base_model"]) == {"Pony": 1, "SD 1.5": 1}
    assert dict(counts["tag"]) == {"ink": 1, "to try": 1}
    assert library.names(ModelFilter(types=("style_model",), base_models=("Pony",))) == ["The inky one"]
    assert library.names(ModelFilter(types=("lora",))) == ["b"]


def test_an_own_name_is_sorted_by(library: LibraryBench, user_data: UserData, model_id: ModelId) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    user_data.change(model_id, UserChange(own_name="Zebra"))
    assert library.names() == ["b", "Zebra"]


def test_changes_of_different_things_at_once_are_all_kept(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    said = _fields_of(EVERYTHING)
    together = threading.Barrier(len(said))

    def change(name: str) -> None:
        together.wait()
        user_data.change(model_id, UserChange(**{name: said[name]}))

    with ThreadPoolExecutor(len(said)) as pool:
        list(pool.map(change, said))
    assert_all_is_said(library.only())


def test_a_scan_at_the_same_time_does_not_hide_what_is_said(
    library: LibraryBench, user_data: UserData, model_id: ModelId
) -> None:
    together = threading.Barrier(2)

    def change() -> None:
        together.wait()
        user_data.change(model_id, EVERYTHING)

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        together.wait()
        library.scan(full=True)
        changing.result()
    assert_all_is_said(library.only())


def _fields_of(change: UserChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in UserChange.__dataclass_fields__}
