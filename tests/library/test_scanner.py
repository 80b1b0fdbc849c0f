"""A scan lists what lies there, knows it again wherever it went, and forgets nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.taxonomy import Category, ModelType, Presence
from tests.support.library_bench import LibraryBench

FIXTURES = Path(__file__).parent.parent / "support/fake_world/fixtures"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def make_info(**changes: object) -> bytes:
    """A `.civitai.info` as the Civitai Helper extension writes it."""
    body = json.loads((FIXTURES / "model_version_by_id.json").read_bytes())
    return json.dumps({**body, **changes}).encode()


def test_a_models_type_and_base_are_told_from_its_header(library: LibraryBench) -> None:
    library.add_lora("style.safetensors")
    library.scan()
    detail = library.only()
    assert (detail.listing.type, detail.listing.base_model) == (ModelType.LORA, "SD 1.5")
    assert detail.identity.rank == 4
    assert detail.identity.evidence


def test_a_files_folder_tells_its_type_where_nothing_else_does(library: LibraryBench) -> None:
    (library.root / "detectors/adetailer").mkdir(parents=True)
    (library.root / "detectors/adetailer/face.onnx").write_bytes(b"\x08\x07\x12\x07pytorch" + b"\0" * 500)
    library.scan()
    assert library.models()[0].type is ModelType.DETECTION


def test_models_are_announced_as_they_are_found(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    announced = [event for event in library.events if isinstance(event, ModelsChanged)]
    assert announced[0].model_ids == (library.only().listing.model_id,)


def test_a_second_scan_reads_no_header_of_what_is_unchanged(
    library: LibraryBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    monkeypatch.setattr(library.scanner, "_inspector", None)
    library.scan()
    assert library.states() == {"a.safetensors": "present"}


def test_a_moved_file_stays_the_same_model(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    before = library.only().listing
    (library.root / "moved").mkdir()
    path.rename(library.root / "moved/renamed.safetensors")
    library.scan()
    after = library.only()
    assert after.listing.model_id == before.model_id
    assert after.listing.added_at == before.added_at
    assert [location.place.relative_path for location in after.locations] == ["moved/renamed.safetensors"]
    assert after.listing.name == "renamed"
    assert library.names(ModelFilter(text="renamed")) == ["renamed"]


def test_a_copy_is_a_second_place_of_one_model(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    shutil.copy(path, library.root / "b.safetensors")
    library.scan()
    assert library.only().listing.duplicates == 1


def test_a_deleted_file_is_missing_and_comes_back_as_the_same_model(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.add_lora("b.safetensors")
    library.scan()
    model_id = library.models()[0].model_id
    content = path.read_bytes()
    path.unlink()
    library.scan()
    assert library.states() == {"a.safetensors": "missing", "b.safetensors": "present"}
    path.write_bytes(content)
    library.scan()
    assert library.models()[0].model_id == model_id
    assert library.states() == {"a.safetensors": "present", "b.safetensors": "present"}


def test_a_file_replaced_in_place_is_another_model(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    first = library.only().listing.model_id
    library.add_lora("a.safetensors", metadata={"title": "retrained"}, rank=8)
    library.scan()
    ranks = {m.model_id: library.catalog.get(m.model_id) for m in library.models()}
    assert ranks.pop(first).listing.state is Presence.MISSING
    (replacement,) = ranks.values()
    assert (replacement.listing.state, replacement.identity.rank) == (Presence.PRESENT, 8)


def test_a_folder_that_cannot_be_reached_is_offline_and_nothing_in_it_is_lost(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    library.root.rename(library.root.with_name("unplugged"))
    library.scan()
    assert library.states() == {"a.safetensors": "offline"}
    assert not library.folders.list_all()[0].is_online
    assert library.folders.list_problems()[0][0].code == "FOLDER_OFFLINE"
    library.root.with_name("unplugged").rename(library.root)
    library.scan()
    assert library.states() == {"a.safetensors": "present"}
    assert library.folders.list_problems() == []


def test_an_empty_mount_point_is_taken_for_an_unplugged_drive(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    path.unlink()
    library.scan()
    assert library.states() == {"a.safetensors": "offline"}
    assert library.folders.list_problems()[0][0].code == "FOLDER_EMPTY"


def test_an_archived_model_lies_beside_the_library_folder(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    archived = library.root.with_name("models-archive") / "loras/old.safetensors"
    archived.parent.mkdir(parents=True)
    library.add_lora("old.safetensors").rename(archived)
    library.scan()
    assert {m.name: m.place.category.value for m in library.models()} == {"a": "active", "old": "archive"}


def test_what_the_civitai_helper_wrote_beside_a_model_is_known_of_it(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    (library.root / "lantern.civitai.info").write_bytes(make_info())
    library.scan()
    detail = library.only()
    assert detail.published is not None
    assert detail.listing.name == "Paper Lantern Style"
    assert detail.listing.trigger_words == ("pprlntrn",)
    assert detail.hashes.claimed_sha256 == detail.published.files[0].sha256
    assert [sidecar.kind for sidecar in detail.sidecars] == ["civitai_info"]


def test_a_base_model_that_contradicts_the_header_is_not_believed(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    (library.root / "lantern.civitai.info").write_bytes(make_info(baseModel="Flux.1 D"))
    library.scan()
    assert library.only().listing.base_model == "SD 1.5"


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'{"modelId": 1, "files": 7}', b"[" * 100_000])
def test_a_broken_sidecar_does_not_hide_its_model(library: LibraryBench, raw: bytes) -> None:
    library.add_lora("a.safetensors")
    (library.root / "a.civitai.info").write_bytes(raw)
    library.scan()
    assert library.names() == ["a"]


@pytest.mark.parametrize(
    ("beside", "first"),
    [
        (["a.png"], "a.png"),
        (["a.preview.png", "a.jpg"], "a.jpg"),
        (["a.preview.jpeg", "a.example.2.png"], "a.preview.jpeg"),
        (["a.preview.png", "a.preview.mp4"], "a.preview.mp4"),
        (["A.Preview.PNG"], "A.Preview.PNG"),
        (["ab.png", "a.b.png"], None),
    ],
)
def test_the_preview_is_found_by_every_engines_name(
    library: LibraryBench, beside: list[str], first: str | None
) -> None:
    library.add_lora("a.safetensors")
    for name in beside:
        (library.root / name).write_bytes(PNG)
    library.scan()
    previews = library.only().previews
    assert (previews[0].place.relative_path if previews else None) == first
    assert (library.models()[0].preview_id is None) == (first is None)


def test_a_picture_put_beside_a_known_model_is_noticed(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    (library.root / "a.png").write_bytes(PNG)
    library.scan()
    assert len(library.only().previews) == 1


def test_folders_linked_in_a_circle_are_walked_once(library: LibraryBench, tmp_path: Path) -> None:
    library.add_lora("loras/a.safetensors")
    (library.root / "loras/circle").symlink_to(library.root, target_is_directory=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    library.add_lora("b.safetensors").rename(elsewhere / "b.safetensors")
    (library.root / "linked").symlink_to(elsewhere, target_is_directory=True)
    library.scan()
    assert library.names() == ["a", "b"]


@pytest.mark.skipif(sys.platform == "win32", reason="such files do not exist on Windows")
def test_what_is_no_regular_file_is_never_opened(library: LibraryBench) -> None:
    os.mkfifo(library.root / "pipe.safetensors")
    library.add_lora("a.safetensors")
    library.scan()
    assert library.names() == ["a"]
    assert [problem.code for problem, _ in library.folders.list_problems()] == ["NOT_A_FILE"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_a_name_that_is_no_text_is_reported_and_the_others_listed(library: LibraryBench) -> None:
    odd = os.fsencode(library.root) + b"/bad-\xff.safetensors"
    os.close(os.open(odd, os.O_CREAT | os.O_WRONLY))
    library.add_lora('new\nline "quoted" \U0001f600.safetensors')
    library.scan()
    assert library.names() == ['new\nline "quoted" \U0001f600']
    assert [problem.code for problem, _ in library.folders.list_problems()] == ["NAME_UNREADABLE"]


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><html>", b"\x08", os.urandom(3000)])
def test_a_file_that_is_no_model_is_listed_with_its_problem(library: LibraryBench, content: bytes) -> None:
    (library.root / "odd.safetensors").write_bytes(content)
    library.scan()
    assert library.only().identity.problems


def test_the_same_words_are_found_in_names_tags_and_trigger_words_in_any_order(library: LibraryBench) -> None:
    library.add_lora("lantern.safetensors")
    library.add_lora("Ink_Brush.safetensors")
    (library.root / "lantern.civitai.info").write_bytes(make_info())
    library.scan()
    for text in ("PAPER style", "style paper", "pprlntrn", "lantern.safe"):
        assert library.names(ModelFilter(text=text)) == ["Paper Lantern Style"]
    assert library.names(ModelFilter(text="ink_brush")) == ["Ink_Brush"]
    assert library.names(ModelFilter(text="%")) == []


def test_a_list_can_be_read_to_its_end_in_every_order(library: LibraryBench) -> None:
    for number in range(7):
        library.add_lora(f"m{number}.safetensors", rank=1 + number % 3)
    library.scan()
    for sort in ("name", "-name", "added_at", "-added_at", "size_bytes", "-size_bytes", "modified_at"):
        seen, cursor = [], None
        while True:
            page = library.catalog.list_models(ModelFilter(), sort=sort, limit=2, cursor=cursor)
            seen += [model.name for model in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert sorted(seen) == [f"m{number}" for number in range(7)]
        assert seen == library.names(sort=sort)


def test_counts_show_what_each_choice_would_give(library: LibraryBench) -> None:
    library.add_lora("loras/a.safetensors")
    library.add_lora("loras/style/b.safetensors")
    (library.root / "odd.safetensors").write_bytes(b"")
    library.scan()
    facets = library.catalog.count_facets(ModelFilter(types=("lora",)))
    assert facets.total == 2
    assert dict(facets.counts["type"])["lora"] == 2
    assert len(facets.counts["type"]) == 2
    assert dict(facets.counts["folder"]) == {"loras": 1, "loras/style": 1}
    assert library.names(ModelFilter(folder="loras")) == ["a", "b"]
    assert library.names(ModelFilter(folder="loras/style")) == ["b"]
    assert library.names(ModelFilter(base_models=("unknown",))) == ["odd"]


def test_hashes_follow_in_the_background_and_settle_what_is_the_same(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    library.hash()
    hashes = library.only().hashes
    assert hashes.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert hashes.blake3
    assert hashes.autov3
    assert library.hashes.count_unhashed() == (0, 0)


def test_a_file_that_changed_since_the_scan_is_not_hashed_under_its_old_name(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    path.write_bytes(path.read_bytes() + b"x")
    library.hash()
    assert library.only().hashes.sha256 is None


def test_a_removed_library_folder_loses_no_knowledge_and_no_file(library: LibraryBench) -> None:
    path = library.add_lora("a.safetensors")
    library.scan()
    library.folders.remove(library.folder_id)
    assert library.states() == {"a.safetensors": "missing"}
    assert path.exists()


def test_models_are_identified_anew_when_the_rules_have_changed(library: LibraryBench) -> None:
    library.add_lora("a.safetensors")
    library.scan()
    library.indexing.rules_version += 1
    assert library.indexing.list_outdated(library.folder_id, Category.ACTIVE)
    library.scan()
    assert library.indexing.list_outdated(library.folder_id, Category.ACTIVE) == set()
