"""The sample library: what it shows is what the program finds in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import InspectedFile
from sd_model_manager.domain.taxonomy import FAMILY_OF_BASE_MODEL, FileFormat, ModelType
from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.reading import read_header
from sd_model_manager.library.inspector import Inspector
from sd_model_manager.library.sample import fill_sample_library
from sd_model_manager.library.sample.sample_model import SampleModel, Training
from sd_model_manager.library.sample.shelf import SHELF
from sd_model_manager.library.sample.synthetic import write_synthetic_library
from sd_model_manager.library.sample.tensor_file import makes_holes
from sd_model_manager.library.walker import Walk
from sd_model_manager.sidecars.reader import SidecarReader
from sd_model_manager.sources.civitai.kept_answer import parse_version_body


def look_into(folder: Path) -> dict[str, InspectedFile]:
    """What a scan would take in, by relative path."""
    inspector = Inspector(SidecarReader(parse_version_body), read_header, identify_header)
    walk = Walk(folder, FolderId(1))
    found = {}
    for model in walk:
        inspected, problems = inspector.inspect(folder, model)
        assert problems == []
        found[model.place.relative_path] = inspected
    assert walk.problems == []
    return found


def read_all(folder: Path) -> dict[str, bytes]:
    """The beginnings of all files, so that holes are not read."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _read_beginning(path) for path in files}


def _read_beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(600_000) + str(path.stat().st_size).encode()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as this disk allows it."""
    folder = tmp_path_factory.mktemp("sample")
    fill_sample_library(folder)
    return folder


@pytest.fixture(scope="module")
def found(sample: Path) -> dict[str, InspectedFile]:
    return look_into(sample)


def models_in(folder: Path) -> Iterator[SampleModel]:
    return (model for model in SHELF if (folder / model.path).exists())


def test_every_model_is_recognised_for_what_it_is(sample: Path, found: dict[str, InspectedFile]) -> None:
    for model in models_in(sample):
        identity = found[model.path].identity
        assert (model.path, identity.type, identity.format) == (model.path, model.type, FileFormat.SAFETENSORS)
        assert identity.problems == ()
        if identity.base_model:
            family = FAMILY_OF_BASE_MODEL.get(identity.base_model)
            assert family == FAMILY_OF_BASE_MODEL.get(model.base_model), model.path


def test_metadata_tells_pony_and_illustrious_from_sdxl(sample: Path, found: dict[str, InspectedFile]) -> None:
    named = [model for model in models_in(sample) if model.base_model in {"Pony", "Illustrious"}]
    assert len(named) >= 6
    for model in named:
        assert found[model.path].identity.base_model == model.base_model, model.path


def test_trained_loras_tell_their_trigger_word(sample: Path, found: dict[str, InspectedFile]) -> None:
    for model in models_in(sample):
        if isinstance(model.content, Training) and model.content.subject:
            assert model.content.subject in found[model.path].identity.trigger_words


def test_sidecars_tell_who_published_a_model_and_their_hashes_are_true(
    sample: Path, found: dict[str, InspectedFile]
) -> None:
    published = [model for model in models_in(sample) if model.published]
    assert len(published) * 3 > len(found)
    hashed = 0
    for model in published:
        [sidecar] = found[model.path].sidecars
        version = sidecar.claim.published
        assert version is not None
        assert model.published is not None
        assert (version.model_name, version.creator) == (model.title, model.published.creator)
        assert version.tags == model.published.tags
        assert version.trigger_words == model.published.words
        assert int(version.model_id) >= 9_000_000
        if sidecar.claim.sha256:
            assert sidecar.claim.sha256 == sha256((sample / model.path).read_bytes()).hexdigest()
            hashed += 1
    assert hashed >= 5


def test_most_models_have_a_portrait_beside_them(sample: Path, found: dict[str, InspectedFile]) -> None:
    pictured = [inspected.previews[0] for inspected in found.values() if inspected.previews]
    assert len(pictured) * 3 > len(found) * 2
    for preview in pictured:
        with Image.open(sample / preview.relative_path) as picture:
            assert picture.size == (512, 768)
    assert {Path(preview.relative_path).suffix for preview in pictured} == {".png", ".webp", ".jpeg"}


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="the room a file takes is not told here")
def test_it_takes_little_room(sample: Path) -> None:
    room = sum(path.stat().st_blocks * 512 for path in sample.rglob("*") if path.is_file())
    assert room < 30_000_000


def test_it_is_the_same_for_the_same_seed_and_another_for_another(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        assert fill_sample_library(tmp_path / name, count=6, seed=seed) == 6
    one, same, other = (read_all(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_what_lies_there_is_kept(tmp_path: Path) -> None:
    mine = tmp_path / SHELF[0].path
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    assert fill_sample_library(tmp_path, full_size=False) == fill_sample_library(tmp_path, full_size=False)
    assert mine.read_bytes() == b"mine"


def test_a_disk_without_holes_gets_small_files_alone(tmp_path: Path) -> None:
    written = fill_sample_library(tmp_path, full_size=False)
    assert written > 15
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 30_000_000
    found = look_into(tmp_path)
    assert len(found) == written
    for path, inspected in found.items():
        expected = next(model for model in SHELF if model.path == path)
        assert inspected.identity.type is expected.type
        assert inspected.identity.problems == ()


def test_synthetic_loras_are_all_different_and_all_recognised(tmp_path: Path) -> None:
    if not makes_holes(tmp_path):
        pytest.skip("this disk makes no holes in files")
    assert write_synthetic_library(tmp_path, 90) == 90
    found = look_into(tmp_path)
    assert len(found) == 90
    assert {inspected.identity.type for inspected in found.values()} == {ModelType.LORA}
    assert {inspected.identity.family for inspected in found.values()} == {"sd1", "sdxl", "flux1"}
    assert len({inspected.quick_fingerprint for inspected in found.values()}) == 90
    assert all(inspected.identity.trigger_words and not inspected.identity.problems for inspected in found.values())


def test_synthetic_headers_are_as_large_as_asked(tmp_path: Path) -> None:
    if not makes_holes(tmp_path):
        pytest.skip("this disk makes no holes in files")
    write_synthetic_library(tmp_path, 60, header_bytes=(5_000, 10_000))
    sizes = sorted(int.from_bytes(_read_beginning(path)[:8], "little") for path in tmp_path.rglob("*.safetensors"))
    assert 4_000 < sizes[0] < 9_000 < sizes[-1] < 14_000
