"""Other tools' files beside models: written where it is safe, kept before they are changed, put back."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.tasks import Task
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.lib.errors import BadInput, Conflict, NotFound
from sd_model_manager.lib.file_changes import (
    ChangedMeanwhile,
    FileBackups,
    find_file,
    replace_file,
)
from sd_model_manager.sidecars.format import ExportFacts
from sd_model_manager.sidecars.reader import WRITABLE
from tests.library.test_sidecars import LANTERN_SHA256, put
from tests.support.library_bench import LibraryBench

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right that users do not have")
NOTES = UserChange(notes="At dusk.", own_name="Evening", tags=("mine",))


@pytest.fixture
def model(library: LibraryBench) -> Path:
    """A model of which the user has said something."""
    path = library.add_lora("loras/lantern.safetensors")
    library.scan()
    say(library, NOTES)
    return path


def say(library: LibraryBench, change: UserChange) -> None:
    (listed,) = library.models()
    library.user_data.change(listed.model_id, change)


def read(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def codes(task: Task) -> list[str | None]:
    return [item["code"] for item in task.result["items"]]


def test_what_the_user_says_lies_beside_the_model(library: LibraryBench, model: Path) -> None:
    task = library.export("user_metadata", "swarm_ui")
    assert task.result["written"] == 2
    assert read(model.with_suffix(".json"))["notes"] == "At dusk."
    assert read(model.with_suffix(".swarm.json"))["modelspec.title"] == "Evening"


def test_the_second_time_nothing_is_written(library: LibraryBench, model: Path) -> None:
    library.export("user_metadata")
    before = model.with_suffix(".json").stat()
    task = library.export("user_metadata")
    assert (task.result["written"], task.result["unchanged"]) == (0, 1)
    assert model.with_suffix(".json").stat() == before


def test_what_was_written_is_known_without_a_scan(library: LibraryBench, model: Path) -> None:
    library.export("user_metadata")
    assert [sidecar.kind for sidecar in library.only().sidecars] == ["user_metadata"]
    library.events.clear()
    library.scan()
    assert not [event for event in library.events if type(event).__name__ == "ModelsChanged"]
    assert model.exists()


def test_a_plan_writes_nothing(library: LibraryBench, model: Path) -> None:
    (planned,) = library.plan_export("user_metadata")
    assert (planned.outcome, planned.path) == ("written", str(model.with_suffix(".json")))
    assert not model.with_suffix(".json").exists()


def test_only_what_a_query_finds_is_written(library: LibraryBench, model: Path) -> None:
    library.add_lora("loras/other.safetensors")
    library.scan()
    library.export("user_metadata", query="evening")
    assert model.with_suffix(".json").exists()
    assert not (model.parent / "other.json").exists()


def test_no_file_is_made_for_a_model_of_which_there_is_nothing_to_say(library: LibraryBench) -> None:
    path = library.add_lora("lantern.safetensors")
    library.scan()
    assert library.export("user_metadata", "swarm_ui").result["unchanged"] == 2
    assert list(library.root.iterdir()) == [path]


def test_a_format_or_a_query_that_there_is_not_is_refused(library: LibraryBench) -> None:
    for formats, query in (((), ""), (("text",), ""), (("swarm_ui",), "nonsense:x")):
        with pytest.raises(BadInput):
            library.export(*formats, query=query)


def test_a_hashed_model_gets_a_file_of_lora_manager(library: LibraryBench, model: Path) -> None:
    assert codes(library.export("lora_manager")) == ["NOT_ENOUGH_KNOWN"]
    library.hash()
    library.export("lora_manager")
    body = read(model.with_suffix(".metadata.json"))
    assert (body["model_name"], body["tags"]) == ("Evening", ["mine"])
    assert body["sha256"] == library.only().hashes.sha256


def test_a_tag_that_is_taken_back_is_gone_from_the_model_and_the_file(library: LibraryBench, model: Path) -> None:
    library.export("swarm_ui")
    assert library.only().listing.tags == ("mine",)
    say(library, UserChange(tags=()))
    library.export("swarm_ui")
    assert library.only().listing.tags == ()
    assert read(model.with_suffix(".swarm.json"))["modelspec.tags"] == []


def test_a_file_whose_name_has_another_case_is_the_one_that_is_written(library: LibraryBench, model: Path) -> None:
    theirs = model.with_name("Lantern.Swarm.JSON")
    theirs.write_text('{"modelspec.title": "theirs"}')
    library.scan()
    library.export("swarm_ui")
    assert read(theirs)["modelspec.title"] == "Evening"
    assert sum(path.name.lower() == "lantern.swarm.json" for path in model.parent.iterdir()) == 1


def test_nothing_is_written_beside_a_model_that_is_gone(library: LibraryBench, model: Path) -> None:
    model.unlink()
    assert codes(library.export("user_metadata")) == ["UNREADABLE"]
    library.scan()
    (library.root / "keep").touch()
    library.scan()
    assert codes(library.export("user_metadata")) == ["NOT_PRESENT"]
    assert not model.with_suffix(".json").exists()


def test_nothing_is_written_beside_a_model_that_was_replaced_since_it_was_scanned(
    library: LibraryBench, model: Path
) -> None:
    model.write_bytes(b"another")
    assert codes(library.export("user_metadata")) == ["NOT_PRESENT"]


def test_nothing_is_written_beside_a_model_that_a_sidecar_contradicts(library: LibraryBench, model: Path) -> None:
    put(library, "lantern.json", "loras/lantern.json")
    library.scan()
    assert library.only().hashes.claimed_sha256 == LANTERN_SHA256
    library.hash()
    assert codes(library.export("swarm_ui")) == ["CONFLICT"]
    assert not model.with_suffix(".swarm.json").exists()


def test_two_models_of_one_stem_share_no_file(library: LibraryBench, model: Path) -> None:
    model.with_suffix(".pt").write_bytes(b"x")
    assert codes(library.export("user_metadata")) == ["SHARED"]


@needs_links
def test_a_link_out_of_the_library_is_not_followed(library: LibraryBench, model: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    model.with_suffix(".json").symlink_to(outside)
    assert codes(library.export("user_metadata")) == ["BAD_PATH"]
    assert outside.read_text() == "{}"


@needs_links
def test_a_link_within_the_library_stays_one(library: LibraryBench, model: Path) -> None:
    elsewhere = library.root / "notes.txt"
    elsewhere.write_text("{}")
    model.with_suffix(".json").symlink_to(elsewhere)
    library.export("user_metadata")
    assert model.with_suffix(".json").is_symlink()
    assert read(elsewhere)["notes"] == "At dusk."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_permissions_are_kept_and_new_files_have_the_models(library: LibraryBench, model: Path) -> None:
    model.chmod(0o640)
    theirs = model.with_suffix(".swarm.json")
    theirs.write_text('{"modelspec.title": ""}')
    theirs.chmod(0o604)
    library.export("user_metadata", "swarm_ui")
    assert stat.S_IMODE(model.with_suffix(".json").stat().st_mode) == 0o640
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o604


def test_a_file_that_is_read_only_is_not_replaced(library: LibraryBench, model: Path) -> None:
    theirs = model.with_suffix(".swarm.json")
    theirs.write_text('{"modelspec.title": ""}')
    theirs.chmod(0o444)
    assert codes(library.export("swarm_ui")) == ["READ_ONLY"]
    assert theirs.read_text() == '{"modelspec.title": ""}'
    theirs.chmod(0o644)


def test_no_leftovers_lie_beside_the_model(library: LibraryBench, model: Path) -> None:
    library.export(*WRITABLE)
    assert {path.name for path in model.parent.iterdir()} == {
        "lantern.safetensors", "lantern.json", "lantern.swarm.json",
    }  # fmt: skip


def test_undo_puts_back_what_was_there_to_the_byte(library: LibraryBench, model: Path) -> None:
    theirs = model.with_suffix(".swarm.json")
    theirs.write_bytes(b'\xef\xbb\xbf{ "modelspec.title" : "theirs",\r\n\t"x":1e3 }')
    before = theirs.read_bytes()
    export = library.export("user_metadata", "swarm_ui")
    assert theirs.read_bytes() != before
    undo = library.undo(export)
    assert undo.result["written"] == 2
    assert theirs.read_bytes() == before
    assert not model.with_suffix(".json").exists()
    assert {sidecar.kind for sidecar in library.only().sidecars} == {"swarm_ui"}


@needs_links
def test_undo_follows_the_links_that_the_library_goes_by(library: LibraryBench, model: Path) -> None:
    elsewhere = library.root / "notes.txt"
    elsewhere.write_text("{}")
    model.with_suffix(".json").symlink_to(elsewhere)
    assert library.undo(library.export("user_metadata")).result["written"] == 1
    assert elsewhere.read_text() == "{}"


def test_undo_leaves_what_was_changed_since(library: LibraryBench, model: Path) -> None:
    export = library.export("user_metadata", "swarm_ui")
    model.with_suffix(".json").write_text('{"notes": "later"}')
    undo = library.undo(export)
    assert codes(undo) == [None, "CHANGED_SINCE"]
    assert model.with_suffix(".json").read_text() == '{"notes": "later"}'


def test_undo_works_after_the_model_is_gone(library: LibraryBench, model: Path) -> None:
    export = library.export("user_metadata")
    model.unlink()
    assert library.undo(export).result["written"] == 1
    assert list(model.parent.iterdir()) == []


def test_an_undo_can_be_undone(library: LibraryBench, model: Path) -> None:
    export = library.export("user_metadata")
    written = model.with_suffix(".json").read_bytes()
    library.undo(library.undo(export))
    assert model.with_suffix(".json").read_bytes() == written


def test_a_change_that_a_crash_kept_from_happening_needs_no_undo(tmp_path: Path) -> None:
    backups = FileBackups(tmp_path / "backups")
    path = tmp_path / "lantern.json"
    path.write_bytes(b"{}")
    backups.note("run", path, find_file(path), b"new", tmp_path / "lantern.safetensors")
    with (tmp_path / "backups/runs/run.jsonl").open("a") as journal:
        journal.write('{"path": "cut o')
    (change,) = backups.list_changes("run")
    assert backups.restore(change, b"{}") == b"{}"
    assert backups.restore(change, b"new") == b"{}"
    with pytest.raises(Conflict):
        backups.restore(change, b"else")


@pytest.mark.parametrize("run_id", ["none", "", "../run", "a/b"])
def test_an_export_that_is_not_known_cannot_be_undone(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(NotFound):
        FileBackups(tmp_path).list_changes(run_id)


def test_a_file_that_somebody_wrote_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lantern.json"
    nothing = find_file(path)
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhile):
        replace_file(nothing, b"ours")
    found = find_file(path)
    path.write_bytes(b"theirs, later")
    for content in (b"ours", None):
        with pytest.raises(ChangedMeanwhile):
            replace_file(found, content)
    assert path.read_bytes() == b"theirs, later"
    assert list(tmp_path.iterdir()) == [path]


class WrittenMeanwhile:
    """SwarmUI's format, while SwarmUI writes the file as well: once, or always."""

    kind = "swarm_ui"
    suffix = ".swarm.json"

    def __init__(self, path: Path, times: int) -> None:
        self._path = path
        self._left = times

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes | None:
        if self._left:
            self._left -= 1
            self._path.write_text(json.dumps({"modelspec.author": f"them {self._left}"}))
        return WRITABLE_SWARM.compose(existing, facts)


WRITABLE_SWARM = WRITABLE["swarm_ui"]


@pytest.fixture
def write_meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int], None]:
    def begin(path: Path, times: int) -> None:
        monkeypatch.setitem(WRITABLE, "swarm_ui", WrittenMeanwhile(path, times))

    return begin


def test_an_export_starts_over_where_the_tool_wrote_its_file_meanwhile(
    library: LibraryBench, model: Path, write_meanwhile: Callable[[Path, int], None]
) -> None:
    path = model.with_suffix(".swarm.json")
    write_meanwhile(path, 2)
    assert library.export("swarm_ui").result["written"] == 1
    assert (read(path)["modelspec.author"], read(path)["modelspec.title"]) == ("them 0", "Evening")


def test_a_file_that_a_tool_keeps_writing_is_left_to_it(
    library: LibraryBench, model: Path, write_meanwhile: Callable[[Path, int], None]
) -> None:
    write_meanwhile(model.with_suffix(".swarm.json"), 100)
    assert codes(library.export("swarm_ui")) == ["BUSY"]


def test_many_models_of_one_folder_are_indexed_together(library: LibraryBench) -> None:
    for number in range(120):
        library.add_lora(f"loras/{number}.safetensors")
    library.scan()
    for model in library.catalog.list_models(ModelFilter(), limit=120).items:
        library.user_data.change(model.model_id, NOTES)
    task = library.export("user_metadata")
    assert (task.result["written"], len(task.result["items"])) == (120, 120)
    assert len(library.catalog.get(ModelId(library.models()[0].model_id)).sidecars) == 1
    assert len(list((library.root / "loras").iterdir())) == 240
