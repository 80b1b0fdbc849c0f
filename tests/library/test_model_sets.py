"""A model of several files is one model, whichever of them changes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import Category, FileFormat, ModelType
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.library.scanner import TouchedFolder
from sd_model_manager.library.verify import Verdict, Verifier
from tests.identify.test_on_disk import split
from tests.support.library_bench import LibraryBench
from tests.support.model_files import write_safetensors

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
FIRST = "big/unet-00001-of-00003.safetensors"
INFO = json.dumps({"sd version": "SD1", "notes": "beside", "activation text": "lantern", "sha256": "ab" * 32})


def save_pipeline(folder: Path) -> Path:
    """A folder as diffusers saves it, its UNet in two parts."""
    split(folder / "unet", 2)
    for number in (1, 2):
        old = folder / f"unet/unet-0000{number}-of-00002.safetensors"
        old.rename(folder / f"unet/diffusion_pytorch_model-0000{number}-of-00002.safetensors")
    (folder / "unet/config.json").write_text(json.dumps({"_class_name": "UNet2DConditionModel"}))
    (folder / "scheduler").mkdir()
    (folder / "scheduler/scheduler_config.json").write_text("{}")
    (folder / "vae").mkdir()
    (folder / "vae/config.json").write_text(json.dumps({"_class_name": "AutoencoderKL"}))
    write_safetensors(folder / "vae/diffusion_pytorch_model.safetensors", {"encoder.conv_in.weight": ("F16", [128, 3])})
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "scheduler": ["diffusers", "PNDMScheduler"],
        "safety_checker": [None, None],
    }
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


@pytest.fixture
def sharded(library: LibraryBench) -> LibraryBench:
    split(library.root / "big", 3)
    library.scan()
    return library


@pytest.fixture
def saved(library: LibraryBench) -> LibraryBench:
    save_pipeline(library.root / "checkpoints/dream-1.5")
    library.scan()
    return library


@pytest.fixture(params=["sharded", "saved"])
def several(library: LibraryBench, request: pytest.FixtureRequest) -> LibraryBench:
    """A library with one model of several files, of either kind."""
    if request.param == "sharded":
        split(library.root / "big", 3)
    else:
        save_pipeline(library.root / "checkpoints/dream-1.5")
    library.scan()
    return library


def touch_later(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


def codes(library: LibraryBench) -> list[str]:
    return [problem.code for problem in library.only().identity.problems]


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def forbid_reading(library: LibraryBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.scanner, "_inspector", None)


def test_a_sharded_model_is_one_model_with_all_its_files(sharded: LibraryBench) -> None:
    detail = sharded.only()
    assert (detail.listing.name, detail.listing.place.relative_path) == ("unet", FIRST)
    assert (detail.listing.type, detail.listing.base_model) == (ModelType.DIFFUSION_MODEL, "SD 1.5")
    assert (detail.listing.precision, detail.listing.size_bytes) == ("fp16", size_of(sharded.root))
    assert [part.filename for part in detail.parts] == [f"unet-0000{n}-of-00003.safetensors" for n in (1, 2, 3)]
    assert sum(part.size_bytes for part in detail.parts) == detail.listing.size_bytes
    assert [location.place.relative_path for location in detail.locations] == [FIRST]
    assert not detail.identity.problems


def test_a_folder_that_diffusers_saved_is_one_model_with_all_its_files(saved: LibraryBench) -> None:
    detail = saved.only()
    assert (detail.listing.name, detail.listing.place.relative_path) == ("dream-1.5", "checkpoints/dream-1.5")
    assert (detail.listing.format, detail.identity.family) == (FileFormat.DIFFUSERS, "sd1")
    assert detail.listing.size_bytes == size_of(saved.root)
    names = [part.filename for part in detail.parts]
    assert names[0] == "model_index.json"
    assert "unet/diffusion_pytorch_model-00002-of-00002.safetensors" in names
    assert not detail.identity.problems


def test_models_beside_an_index_are_models_by_themselves(saved: LibraryBench) -> None:
    saved.add_lora("checkpoints/dream-1.5/extra.safetensors")
    saved.scan()
    assert saved.states() == {"checkpoints/dream-1.5": "present", "checkpoints/dream-1.5/extra.safetensors": "present"}


def test_a_folder_without_an_index_is_walked_as_ever(library: LibraryBench) -> None:
    library.add_lora("loras/unet/a.safetensors")
    library.add_lora("loras/b-00001-of-00001.safetensors")
    library.scan()
    assert set(library.states()) == {"loras/unet/a.safetensors", "loras/b-00001-of-00001.safetensors"}
    assert all(not library.catalog.get(model.model_id).parts for model in library.models())


def test_a_second_scan_reads_no_header_of_an_unchanged_set(
    several: LibraryBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_reading(several, monkeypatch)
    several.scan()
    assert list(several.states().values()) == ["present"]


def test_pictures_and_sidecars_beside_a_sharded_model_go_by_its_own_name(library: LibraryBench) -> None:
    split(library.root / "big", 3)
    (library.root / "big/unet.preview.png").write_bytes(PNG)
    (library.root / "big/unet-00002-of-00003.png").write_bytes(PNG)
    (library.root / "big/unet.json").write_text(INFO)
    library.scan()
    detail = library.only()
    assert {preview.place.relative_path for preview in detail.previews} == {
        "big/unet.preview.png",
        "big/unet-00002-of-00003.png",
    }
    assert [sidecar.place.relative_path for sidecar in detail.sidecars] == ["big/unet.json"]
    assert detail.listing.trigger_words == ("lantern",)


def test_pictures_and_sidecars_lie_beside_or_in_a_folder_that_diffusers_saved(library: LibraryBench) -> None:
    folder = save_pipeline(library.root / "dream-1.5")
    library.add_lora("dream-1.5/extra.safetensors")
    (folder / "extra.png").write_bytes(PNG)
    (folder / "cover.preview.png").write_bytes(PNG)
    (folder / "LICENSE.txt").write_text("terms")
    (library.root / "dream-1.5.png").write_bytes(PNG)
    (library.root / "dream-1.5.json").write_text(INFO)
    library.scan()
    pipeline, extra = (library.catalog.get(model.model_id) for model in library.models())
    assert {p.place.relative_path for p in pipeline.previews} == {"dream-1.5.png", "dream-1.5/cover.preview.png"}
    assert [s.place.relative_path for s in pipeline.sidecars] == ["dream-1.5.json"]
    assert [p.place.relative_path for p in extra.previews] == ["dream-1.5/extra.png"]


def test_a_missing_part_is_named_and_its_arrival_makes_the_same_model_whole(library: LibraryBench) -> None:
    parts = split(library.root / "big", 3)
    elsewhere = parts[1].rename(library.root.parent / "later.safetensors")
    library.scan()
    first = library.only()
    assert (first.listing.state.value, codes(library)) == ("present", ["incomplete"])
    assert "number 2" in first.identity.problems[0].message
    library.user_data.change(first.listing.model_id, UserChange(rating=4))
    elsewhere.rename(parts[1])
    library.scan()
    whole = library.only().listing
    assert (whole.model_id, whole.rating, whole.size_bytes) == (first.listing.model_id, 4, size_of(library.root))
    assert not codes(library)


def test_a_set_that_loses_a_part_stays_the_same_model(sharded: LibraryBench) -> None:
    before = sharded.only().listing.model_id
    part = sharded.root / FIRST.replace("00001", "00002")
    kept = part.rename(sharded.root.parent / "kept.safetensors")
    sharded.scan()
    assert (sharded.only().listing.model_id, codes(sharded)) == (before, ["incomplete"])
    kept.rename(part)
    sharded.scan()
    assert (sharded.only().listing.model_id, codes(sharded)) == (before, [])


def test_parts_without_the_first_are_told_and_a_set_that_lost_it_is_missing(sharded: LibraryBench) -> None:
    sharded.add_lora("other.safetensors")
    (sharded.root / FIRST).unlink()
    sharded.scan()
    assert sharded.states() == {FIRST: "missing", "other.safetensors": "present"}
    ((problem, _),) = sharded.folders.list_problems()
    assert (problem.code, problem.place.relative_path) == ("INCOMPLETE", FIRST.replace("00001", "00002"))


def test_a_component_without_weights_is_named(saved: LibraryBench) -> None:
    (saved.root / "checkpoints/dream-1.5/vae/diffusion_pytorch_model.safetensors").unlink()
    saved.scan()
    assert codes(saved) == ["incomplete"]
    assert "vae" in saved.only().identity.problems[0].message


def test_a_later_part_that_is_replaced_in_place_is_noticed(sharded: LibraryBench) -> None:
    part = sharded.root / FIRST.replace("00001", "00003")
    newest = max(path.stat().st_mtime_ns for path in part.parent.iterdir())
    with part.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"x")
    os.utime(part, ns=(newest - 10**9, newest - 10**9))  # neither the sum of sizes nor the newest time tells
    sharded.scan()
    assert sorted(model.state.value for model in sharded.models()) == ["missing", "present"]


def test_a_set_that_is_moved_keeps_what_the_user_said(several: LibraryBench) -> None:
    before = several.only().listing
    several.user_data.change(before.model_id, UserChange(notes="mine"))
    top = several.root / before.place.relative_path.partition("/")[0]
    top.rename(several.root / "moved")
    several.scan()
    after = several.only()
    assert (after.listing.model_id, after.notes) == (before.model_id, "mine")
    assert [one.place.relative_path.partition("/")[0] for one in after.locations] == ["moved"]


def test_a_renamed_set_is_the_same_and_a_copy_is_a_second_place(sharded: LibraryBench) -> None:
    before = sharded.only().listing.model_id
    for number in (1, 2, 3):
        old = sharded.root / FIRST.replace("00001", f"0000{number}")
        shutil.copy(old, old.with_name(f"copy-0000{number}-of-00003.safetensors"))
    sharded.scan()
    assert (sharded.only().listing.model_id, sharded.only().listing.duplicates) == (before, 1)


def test_several_files_have_no_one_hash_and_nobody_waits_for_it(several: LibraryBench) -> None:
    assert several.hashes.count_unhashed() == (0, 0)
    several.hash()
    listing = several.only().listing
    assert listing.sha256 is None
    assert several.hashes.note_sha256(listing.model_id, "ab" * 32) == listing.model_id
    assert several.only().hashes.sha256 is None
    (result,) = Verifier(several.hashes, several.places).verify([listing.model_id])
    assert result.verdict is Verdict.UNHASHED


def test_what_is_claimed_beside_several_files_is_not_their_hash(library: LibraryBench) -> None:
    split(library.root / "big", 3)
    (library.root / "big/unet.json").write_text(INFO)
    library.scan()
    assert library.only().hashes.claimed_sha256 is None
    assert not library.only().claimed_hashes


@pytest.mark.parametrize(
    ("changed", "touched"),
    [("scheduler/scheduler_config.json", "scheduler"), ("unet/config.json", "unet"), ("model_index.json", "")],
)
def test_a_change_in_a_saved_folder_is_found_where_it_was_made(saved: LibraryBench, changed: str, touched: str) -> None:
    folder = saved.root / "checkpoints/dream-1.5"
    before = saved.only().listing.modified_at
    touch_later(folder / changed)
    saved.look_again(touch(saved, f"checkpoints/dream-1.5/{touched}".rstrip("/")))
    assert saved.only().listing.modified_at > before


def test_a_later_part_that_changes_is_looked_at(sharded: LibraryBench) -> None:
    before = sharded.only().listing.modified_at
    touch_later(sharded.root / FIRST.replace("00001", "00003"))
    sharded.look_again(touch(sharded, "big"))
    assert sharded.only().listing.modified_at > before


def test_parts_that_still_change_leave_their_model_as_it_is(sharded: LibraryBench) -> None:
    last = FIRST.replace("00001", "00003")
    before = sharded.only().listing.modified_at
    touch_later(sharded.root / last)
    sharded.scanner.look_again([touch(sharded, "big")], skipped=[Place(sharded.folder_id, last)])
    assert sharded.only().listing.modified_at == before


def test_a_folder_becomes_one_model_with_its_index_and_many_without(saved: LibraryBench) -> None:
    index = saved.root / "checkpoints/dream-1.5/model_index.json"
    kept = index.rename(saved.root.parent / "model_index.json")
    saved.look_again(touch(saved, "checkpoints/dream-1.5", with_subfolders=True))
    assert {path for path, state in saved.states().items() if state == "present"} == {
        "checkpoints/dream-1.5/unet/diffusion_pytorch_model-00001-of-00002.safetensors",
        "checkpoints/dream-1.5/vae/diffusion_pytorch_model.safetensors",
    }
    kept.rename(index)
    saved.look_again(touch(saved, "checkpoints/dream-1.5", with_subfolders=True))
    assert [path for path, state in saved.states().items() if state == "present"] == ["checkpoints/dream-1.5"]


def test_a_saved_folder_that_goes_is_missing(saved: LibraryBench) -> None:
    saved.add_lora("a.safetensors")
    saved.scan()
    shutil.rmtree(saved.root / "checkpoints/dream-1.5")
    saved.look_again(touch(saved, "checkpoints/dream-1.5/unet", with_subfolders=True))
    assert saved.states() == {"checkpoints/dream-1.5": "missing", "a.safetensors": "present"}


def test_taking_in_a_part_takes_in_its_model(library: LibraryBench) -> None:
    parts = split(library.root / "big", 3)
    folder = save_pipeline(library.root / "dream-1.5")
    ids = library.scanner.index_files([parts[2], folder / "vae/diffusion_pytorch_model.safetensors"])
    assert sorted(ids) == sorted(model.model_id for model in library.models())
    assert set(library.states()) == {FIRST, "dream-1.5"}


def test_a_sidecar_is_written_beside_a_set_under_its_own_name(
    several: LibraryBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = several.only().listing.place
    name = "big/unet" if place.relative_path == FIRST else place.relative_path
    several.user_data.change(several.only().listing.model_id, UserChange(notes="mine"))
    several.export("user_metadata")
    assert json.loads((several.root / f"{name}.json").read_text())["notes"] == "mine"
    forbid_reading(several, monkeypatch)
    several.scan()
    assert [one.place.relative_path for one in several.only().sidecars] == [f"{name}.json"]


def test_parts_that_were_listed_one_by_one_become_the_model_of_the_first(library: LibraryBench) -> None:
    parts = split(library.root / "big", 3)
    away = [part.rename(part.with_name(f"{part.name}.away")) for part in parts[1:]]
    library.scan()
    before = library.only().listing.model_id
    for part in away:
        part.rename(part.with_name(part.name.removesuffix(".away")))
    library.scan()
    assert library.only().listing.model_id == before


def touch(library: LibraryBench, relative_path: str, *, with_subfolders: bool = False) -> TouchedFolder:
    return TouchedFolder(library.folder_id, Category.ACTIVE, relative_path, with_subfolders)
