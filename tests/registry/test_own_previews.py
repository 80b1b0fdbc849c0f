"""Which preview the user chose is kept with the content."""

from __future__ import annotations

from pathlib import Path

import pytest

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.registry.own_previews import OwnPreviewChoices
from tests.support.library_bench import LibraryBench

NAME, OTHER = f"{'a' * 64}.png", f"{'b' * 64}.webm"


def do_nothing() -> None:
    pass


@pytest.fixture
def library(database: Database, tmp_path: Path) -> LibraryBench:
    return LibraryBench(database, tmp_path / "models")


@pytest.fixture
def choices(database: Database) -> OwnPreviewChoices:
    return OwnPreviewChoices(database)


@pytest.fixture
def model_id(library: LibraryBench) -> ModelId:
    library.add_lora("loras/a.safetensors")
    library.scan()
    return library.only().listing.model_id


def test_a_choice_tells_what_was_chosen_before(choices: OwnPreviewChoices, model_id: ModelId) -> None:
    assert choices.choose(model_id, NAME, do_nothing) is None
    assert choices.choose(model_id, OTHER, do_nothing) == NAME
    assert (choices.is_chosen(model_id, NAME), choices.is_chosen(model_id, OTHER)) == (False, True)
    assert choices.choose(model_id, None, do_nothing) == OTHER


def test_where_the_file_cannot_be_placed_nothing_is_chosen(choices: OwnPreviewChoices, model_id: ModelId) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        choices.choose(model_id, NAME, fail)
    assert not choices.is_chosen(model_id, NAME)


def test_a_merged_model_keeps_the_choice_of_the_one_that_is_gone(
    library: LibraryBench, choices: OwnPreviewChoices, model_id: ModelId
) -> None:
    library.add_lora("loras/b.safetensors")
    library.scan()
    (other,) = {model.model_id for model in library.models()} - {model_id}
    choices.choose(other, NAME, do_nothing)
    library.hashes.note_sha256(model_id, "a" * 64)
    library.hashes.note_sha256(other, "a" * 64)
    assert library.only().listing.own_preview == NAME


def test_only_what_nobody_has_chosen_is_removed(choices: OwnPreviewChoices, model_id: ModelId) -> None:
    removed: list[str] = []
    choices.choose(model_id, NAME, do_nothing)
    for name in (NAME, OTHER):
        choices.remove_unless_chosen(name, lambda name=name: removed.append(name))  # type: ignore[misc]
    assert removed == [OTHER]


def test_a_model_that_is_not_there_is_told_of(choices: OwnPreviewChoices, model_id: ModelId) -> None:
    for act in (choices.check, lambda gone: choices.choose(gone, NAME, do_nothing)):
        with pytest.raises(NotFound):
            act(ModelId(model_id + 1))
