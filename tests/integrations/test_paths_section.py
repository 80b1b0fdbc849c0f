"""ComfyUI's list of folders: what is written into it, and what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.taxonomy import FOLDER_OF_TYPE, ModelType
from sd_model_manager.integrations.extra_paths import list_paths
from sd_model_manager.integrations.paths_section import SECTION, compose_section, list_typed_folders, merge_section
from sd_model_manager.lib.errors import Conflict
from tests.support.engine_trees import make_tree

OURS = compose_section({"loras": [Path("/m/loras"), Path("/n/Lora")], "vae": [Path("/m/vae")]})
THEIRS = """# my paths
#config for a1111 ui
a111:
    base_path: path/to/stable-diffusion-webui/   # keep

    loras: |
         models/Lora
         models/LyCORIS

# the other disk
other: {vae: /d/vae}
"""


def test_folders_are_listed_by_what_engines_call_them(tmp_path: Path) -> None:
    make_tree(tmp_path / "a", folders=("loras/style", "Stable-diffusion", "VAE", "pictures"))
    make_tree(tmp_path / "b", folders=("models/Lora", "models/text_encoders", "venv/lib"))
    make_tree(tmp_path / "checkpoints")
    listed = list_typed_folders([tmp_path / "a", tmp_path / "b", tmp_path / "checkpoints"])
    there = {key: [folder for folder in folders if folder.is_dir()] for key, folders in listed.items()}
    assert {key: folders for key, folders in there.items() if folders} == {
        "checkpoints": [tmp_path / "a/Stable-diffusion", tmp_path / "checkpoints"],
        "loras": [tmp_path / "a/loras", tmp_path / "b/models/Lora"],
        "text_encoders": [tmp_path / "b/models/text_encoders"],
        "vae": [tmp_path / "a/VAE"],
    }


def test_folders_that_downloads_would_make_are_listed_before_they_are_there(tmp_path: Path) -> None:
    listed = list_typed_folders([tmp_path / "first", tmp_path / "second"])
    folders = [folder for several in listed.values() for folder in several]
    expected = {tmp_path / "first" / name for name in FOLDER_OF_TYPE.values()} - {tmp_path / "first/other"}
    assert set(folders) == expected
    assert listed["checkpoints"] == [tmp_path / "first" / FOLDER_OF_TYPE[ModelType.CHECKPOINT]]


def test_what_this_comfyui_lists_itself_is_left_out(tmp_path: Path) -> None:
    make_tree(tmp_path / "ComfyUI/models", folders=("loras",))
    make_tree(tmp_path / "more", folders=("loras",))
    own = tmp_path / "ComfyUI/models"
    assert list_typed_folders([own, tmp_path / "more"], own_models=[own]) == {"loras": [tmp_path / "more/loras"]}
    assert compose_section({}) == ""


def test_comfyui_reads_what_is_written(tmp_path: Path) -> None:
    file = tmp_path / "extra_model_paths.yaml"
    file.write_text(OURS)
    assert list(list_paths(file)) == [(None, [Path("/m/loras"), Path("/n/Lora"), Path("/m/vae")])]
    assert all(isinstance(value, str) for value in yaml.safe_load(OURS)[SECTION].values())


@given(st.lists(st.text(st.characters(exclude_characters="\0\n\r/")), min_size=1, max_size=3))
def test_any_path_is_written_so_that_it_is_read_back_or_left_out(names: list[str]) -> None:
    roots = [Path("/r", name, "loras") for name in names]
    listed = list_typed_folders(roots)
    lines = yaml.safe_load(compose_section(listed) or "{}").get(SECTION, {}).get("loras", "").splitlines()
    assert lines == [str(folder) for folder in listed.get("loras", [])]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_what_was_in_the_file_keeps_its_bytes(newline: str, bom: str) -> None:
    before = (bom + THEIRS).replace("\n", newline).encode()
    merged = merge_section(before, OURS)
    assert merged.startswith(before)
    assert yaml.safe_load(merged.decode())[SECTION] == yaml.safe_load(OURS)[SECTION]
    assert merged.count(b"\r\n") == (merged.count(b"\n") if newline == "\r\n" else 0)
    assert merge_section(merged, OURS) == merged
    assert merge_section(merged, "").decode().rstrip() == before.decode().rstrip()


def test_our_section_is_replaced_where_it_stands() -> None:
    first, second = THEIRS.split("# the other disk")
    old = first + f'{OURS.splitlines()[0]}\n"{SECTION}":\n  loras: /old\n\n  vae: /old\n\n# the other disk{second}'
    assert merge_section(old.encode(), OURS).decode() == first + OURS + "\n# the other disk" + second


def test_a_file_without_a_last_line_break_or_with_comments_alone_is_taken() -> None:
    assert merge_section(b"a:\n  vae: /v", OURS).decode() == f"a:\n  vae: /v\n\n{OURS}"
    assert merge_section(b"# nothing yet\n", OURS).decode() == f"# nothing yet\n\n{OURS}"
    assert merge_section(b"", OURS).decode() == OURS


@pytest.mark.parametrize(
    "content",
    [b"- a\n- b\n", b"{a: {vae: /v}}\n", b"a:\n\tvae: /v\n", b"\xff\xfea\x00", b"just words\n", b"a: 1\n---\nb: 2\n",
     b"a: &x {vae: /v}\nb: [\n"],
)  # fmt: skip
def test_a_file_that_cannot_be_edited_without_a_loss_is_refused_with_the_reason(content: bytes) -> None:
    with pytest.raises(Conflict, match="left as it is, for") as refused:
        merge_section(content, OURS)
    assert refused.value.error_code == "OTHER_SHAPE"
