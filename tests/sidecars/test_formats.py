"""What each tool's file says of a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sd_model_manager.domain.local import HashKind, SidecarClaim
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sidecars.format import SidecarFile, SidecarFormat
from sd_model_manager.sidecars.reader import FORMATS, find_kind
from sd_model_manager.sources.civitai.kept_answer import parse_version_body

EXAMPLES = Path(__file__).parent / "examples"
LANTERN_SHA256 = json.loads((EXAMPLES / "lantern.metadata.json").read_bytes())["sha256"]


def format_named(kind: str) -> SidecarFormat:
    return next(sidecar_format for sidecar_format in FORMATS if sidecar_format.kind == kind)


def read(kind: str, source: str | dict[str, object] | bytes, stem: str = "lantern") -> SidecarClaim | None:
    """What a format finds in an example file, in a JSON object or in bytes."""
    if isinstance(source, str):
        raw = (EXAMPLES / source).read_bytes()
    else:
        raw = source if isinstance(source, bytes) else json.dumps(source).encode()
    return format_named(kind).read(SidecarFile(raw, stem, parse_version_body))


def read_example(kind: str, name: str, stem: str = "lantern") -> SidecarClaim:
    claim = read(kind, name, stem)
    assert claim is not None
    return claim


def edit(name: str, **changes: object) -> dict[str, object]:
    return {**json.loads((EXAMPLES / name).read_bytes()), **changes}


@pytest.mark.parametrize(
    ("name", "kind", "stem"),
    [
        ("lantern.metadata.json", "lora_manager", "lantern"),
        ("Lantern.CM-Info.JSON", "stability_matrix", "Lantern"),
        ("lantern.v1.2.swarm.json", "swarm_ui", "lantern.v1.2"),
        ("lantern.v1.2.json", "user_metadata", "lantern.v1.2"),
        ("lantern.description.txt", "description", "lantern"),
        ("lantern.txt", "text", "lantern"),
        ("lantern.md", "model_page", "lantern"),
    ],
)
def test_the_longest_ending_tells_whose_sidecar_it_is(name: str, kind: str, stem: str) -> None:
    assert find_kind(name) == (kind, stem)


@pytest.mark.parametrize("name", ["lantern.safetensors", "lantern.png", "lantern.yaml", "lantern"])
def test_other_files_are_no_sidecars(name: str) -> None:
    assert find_kind(name) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("lora_manager", "lantern.metadata.json"),
        ("stability_matrix", "lantern.cm-info.json"),
        ("civitai_info", "lantern.civitai.info"),
        ("api_info", "lantern.api_info.json"),
        ("sdnext", "lantern.sdnext.json"),
    ],
)
def test_a_file_that_comes_from_civitai_names_the_version(kind: str, name: str) -> None:
    claim = read_example(kind, name)
    version = claim.published
    assert version is not None
    assert (version.source, version.model_id, version.version_id) == ("civitai", "9000301", "9100302")
    assert (version.model_name, version.version_name) == ("Paper Lantern Style", "v2 dusk")
    assert (version.model_type, version.base_model) == (ModelType.LORA, "Illustrious")
    assert [file.sha256 for file in version.files] == [LANTERN_SHA256]
    assert claim.sha256 == LANTERN_SHA256


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("lora_manager", "lantern.metadata.json"),
        ("stability_matrix", "lantern.cm-info.json"),
        ("civitai_info", "lantern.civitai.info"),
        ("sdnext", "lantern.sdnext.json"),
    ],
)
def test_what_it_says_of_the_model_is_in_the_version(kind: str, name: str) -> None:
    version = read_example(kind, name).published
    assert version is not None
    assert (version.creator, version.tags) == ("riverlight", ("style", "light"))
    assert version.description_html is not None
    assert version.description_html.startswith("<p>Soft light of ")


def test_lora_manager_tells_what_its_user_noted() -> None:
    claim = read_example("lora_manager", "lantern.metadata.json")
    assert (claim.notes, claim.preferred_weight) == ("Works best at dusk.", 0.8)
    assert claim.description_html == "<p>Soft light of <b>paper lanterns</b>.</p>"


def test_what_lora_manager_keeps_outside_of_civitais_answer_completes_it() -> None:
    bare = {"id": 9100302, "modelId": 9000301, "name": "v2 dusk", "trainedWords": ["pprlntrn"]}
    claim = read("lora_manager", edit("lantern.metadata.json", civitai=bare))
    assert claim is not None
    assert claim.published is not None
    assert (claim.published.model_name, claim.published.tags) == ("Paper Lantern Style", ("style", "light"))
    assert claim.trigger_words == ("pprlntrn",)


def test_a_model_that_lora_manager_could_not_match_has_its_hash_alone() -> None:
    claim = read("lora_manager", "unmatched.metadata.json", "unmatched")
    assert claim == SidecarClaim(sha256=LANTERN_SHA256)


def test_broken_usage_tips_do_not_hide_the_rest() -> None:
    claim = read("lora_manager", edit("lantern.metadata.json", usage_tips="{strength"))
    assert claim is not None
    assert (claim.preferred_weight, claim.notes) == (None, "Works best at dusk.")


def test_a_checkpoint_of_lora_manager_says_which_kind_it_is() -> None:
    claim = read("lora_manager", edit("lantern.metadata.json", sub_type="diffusion_model"))
    assert claim is not None
    assert claim.model_type is ModelType.DIFFUSION_MODEL


def test_the_title_its_user_gave_in_stability_matrix_comes_before_the_models_own() -> None:
    assert read_example("stability_matrix", "lantern.cm-info.json").model_name == "Lanterns for evenings"


@pytest.mark.parametrize("changes", [{"Source": 1}, {"Source": 3}, {"ModelId": None}, {"VersionId": 0}])
def test_a_model_that_stability_matrix_has_from_elsewhere_is_no_version_of_civitai(changes: dict[str, object]) -> None:
    claim = read("stability_matrix", edit("lantern.cm-info.json", **changes))
    assert claim is not None
    assert claim.published is None
    assert claim.model_name == "Lanterns for evenings"


@pytest.mark.parametrize("kind", ["civitai_info", "api_info"])
@pytest.mark.parametrize(
    "body", ["skeleton.civitai.info", {"error": "Model not found"}, {"modelId": "Not Found", "id": "", "files": []}]
)
def test_a_note_that_civitai_knew_nothing_is_no_match(kind: str, body: str | dict[str, object]) -> None:
    assert read(kind, body) is None


def test_a_date_that_no_calendar_has_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="date"):
        read("civitai_info", edit("lantern.civitai.info", publishedAt="9999-12-31T23:59:59-12:00"))


def test_user_metadata_keeps_words_with_commas_together() -> None:
    claim = read_example("user_metadata", "lantern.json")
    assert claim.trigger_words == ("pprlntrn", "paper lantern, glowing")


@pytest.mark.parametrize(
    ("text", "words"),
    [("pprlntrn, glowing,", ("pprlntrn", "glowing")), ("", ()), ("a, b || c", ("a, b", "c")), ("a, a", ("a",))],
)
def test_activation_text_is_split_as_it_was_joined(text: str, words: tuple[str, ...]) -> None:
    claim = read("user_metadata", {"activation text": text, "notes": "x"})
    assert claim is not None
    assert claim.trigger_words == words


def test_groups_of_activation_text_stay_groups() -> None:
    claim = read("user_metadata", {"activation text": "a, b, c", "activation text groups": ["a, b", "c"]})
    assert claim == SidecarClaim(trigger_words=("a, b", "c"))


def test_user_metadata_tells_notes_weight_hash_and_base_model() -> None:
    claim = read_example("user_metadata", "lantern.json")
    assert (claim.notes, claim.preferred_weight) == ("For covers.", 0.8)
    assert (claim.sha256, claim.base_model) == (LANTERN_SHA256, "Illustrious")


def test_angle_brackets_of_a_plain_description_are_text() -> None:
    claim = read_example("user_metadata", "lantern.json")
    assert claim.description_html == "<p>Keep &lt;lora:lantern:0.8&gt; low.<br>Add a river.</p>"


def test_a_description_in_html_loses_what_could_run() -> None:
    claim = read("user_metadata", {"description": "<p>soft</p><script>alert(1)</script>", "notes": ""})
    assert claim == SidecarClaim(description_html="<p>soft</p>")


@pytest.mark.parametrize("weight", [0, "0", "much", True, None, 1e999, 10**400, [1]])
def test_a_weight_that_says_nothing_is_none(weight: object) -> None:
    assert read("user_metadata", {"preferred weight": weight}) is None


@pytest.mark.parametrize("word", ["SD1", "SDXL", "Flux", "Unknown", ""])
def test_the_engines_own_words_for_a_base_model_leave_it_to_the_header(word: str) -> None:
    assert read("user_metadata", {"sd version": word}) is None


def test_user_metadata_that_nobody_filled_in_says_nothing() -> None:
    body = {"description": "", "sd version": "Unknown", "activation text": "", "preferred weight": 0, "notes": ""}
    assert read("user_metadata", dict(body)) is None


def test_of_a_whole_model_the_version_with_this_file_is_taken() -> None:
    version = read_example("sdnext", "lantern.sdnext.json", "Lantern_V1").published
    assert version is not None
    assert (version.version_id, version.base_model) == ("9100301", "SD 1.5")


def test_of_a_whole_model_no_version_is_guessed() -> None:
    claim = read_example("sdnext", "lantern.sdnext.json", "renamed")
    assert (claim.published, claim.sha256) == (None, None)
    assert (claim.model_name, claim.tags) == ("Paper Lantern Style", ("style", "light"))


def test_swarm_ui_tells_what_its_user_edited() -> None:
    assert read_example("swarm_ui", "lantern.swarm.json") == SidecarClaim(
        trigger_words=("pprlntrn", "paper lantern"),
        tags=("style", "light"),
        model_name="Paper Lantern Style",
        model_type=ModelType.LORA,
        description_html="<p>Soft light of paper lanterns.</p>",
        notes="Works best at dusk.",
        preferred_weight=0.8,
        hashes={HashKind.AUTOV3: "26cc73f9fbf623d9a49bbf3f3d88f70195f2de68d7f25b5161f6700e6644cf44"},
    )


def test_every_hash_that_a_tool_kept_of_this_file_is_known() -> None:
    names = {
        "api_info": "lantern.api_info.json",
        "stability_matrix": "lantern.cm-info.json",
        "sdnext": "lantern.sdnext.json",
    }
    known = {kind: set(read_example(kind, name, "lantern").hashes) for kind, name in names.items()}
    assert known == {
        "api_info": {HashKind.AUTOV2, HashKind.AUTOV3},
        "stability_matrix": {HashKind.BLAKE3, HashKind.CRC32},
        "sdnext": {HashKind.AUTOV2, HashKind.AUTOV3},
    }


def test_swarm_uis_keys_are_known_without_their_prefix_too() -> None:
    body = {key.removeprefix("modelspec."): value for key, value in edit("lantern.swarm.json").items()}
    assert read("swarm_ui", body) == read_example("swarm_ui", "lantern.swarm.json")


def test_a_model_page_tells_what_stands_under_its_headings() -> None:
    assert read_example("model_page", "lantern.md") == SidecarClaim(
        sha256=LANTERN_SHA256,
        hashes={HashKind.AUTOV2: LANTERN_SHA256[:10]},
        trigger_words=("pprlntrn", "paper lantern"),
        model_name="Paper Lantern Style",
        base_model="Illustrious",
        description_html="<p>Soft light of paper lanterns.</p><p>Trained again, with evening light.</p>",
    )


@pytest.mark.parametrize("raw", [b"# Notes\n\nmine", b"---\ntitle: a post\n---\n# Hello", b"---\nwebsite: a", b""])
def test_a_markdown_file_of_another_kind_is_left_alone(raw: bytes) -> None:
    assert read("model_page", raw) is None


def test_a_text_is_a_description() -> None:
    claim = read_example("description", "lantern.description.txt")
    assert claim.description_html == (
        "<p>Soft light of paper lanterns.</p><p>Use &lt;lora:lantern:0.8&gt; &amp; a river.</p>"
    )


def test_a_text_may_start_with_a_brace() -> None:
    assert read("text", b"{soft} light") == SidecarClaim(description_html="<p>{soft} light</p>")


def test_a_text_of_a_windows_editor_is_read() -> None:
    assert read("text", "提灯".encode("utf-16")) == SidecarClaim(description_html="<p>提灯</p>")
    assert read("text", "提灯".encode("utf-8-sig")) == SidecarClaim(description_html="<p>提灯</p>")


def test_a_json_file_with_a_byte_order_mark_is_read() -> None:
    raw = (EXAMPLES / "lantern.cm-info.json").read_bytes()
    assert read("stability_matrix", b"\xef\xbb\xbf" + raw) == read_example("stability_matrix", "lantern.cm-info.json")


def test_characters_that_no_database_takes_are_dropped() -> None:
    claim = read("user_metadata", {"notes": "du\0sk \ud800", "activation text": "a\0b"})
    assert claim == SidecarClaim(notes="dusk", trigger_words=("ab",))


@pytest.mark.parametrize(
    "digits", ["", "0" * 64, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "ab"]
)
def test_what_stands_in_place_of_a_hash_is_none(digits: str) -> None:
    claim = read("lora_manager", {"file_name": "a", "sha256": digits, "notes": "x"})
    assert claim == SidecarClaim(notes="x")
