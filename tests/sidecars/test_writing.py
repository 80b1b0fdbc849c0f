"""What is written into each tool's file, and what never is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.sidecars.descriptions import to_text
from sd_model_manager.sidecars.format import ExportFacts, OwnFacts, SidecarFile, SidecarRefused
from sd_model_manager.sidecars.json_text import find_members
from sd_model_manager.sidecars.reader import WRITABLE
from sd_model_manager.sidecars.stability_matrix import StabilityMatrix
from sd_model_manager.sources.civitai.kept_answer import find_version_body, parse_version_body
from tests.sidecars.test_json_text import OBJECTS

EXAMPLES = Path(__file__).parent / "examples"
LANTERN = parse_version_body((EXAMPLES / "lantern.civitai.info").read_bytes())
assert LANTERN is not None
SHA256 = json.loads((EXAMPLES / "lantern.metadata.json").read_bytes())["sha256"]
PUBLISHED: PublishedVersion = LANTERN
FACTS = ExportFacts("lantern", "/models/lantern.safetensors", 1024, 1772560000.25, ModelType.LORA, sha256=SHA256)
OWN = OwnFacts(
    name="Evening",
    base_model="Pony",
    tags=("mine", "STYLE"),
    notes="Low.\n✓",
    favorite=True,
    rating=4,
    type=ModelType.LORA,
)
OF_LANTERN = replace(FACTS, published=PUBLISHED, answer=find_version_body(PUBLISHED))


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


def write(kind: str, existing: bytes | None, facts: ExportFacts) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(compose(kind, existing, facts).decode("utf-8-sig"))
    return body


def compose(kind: str, existing: bytes | None, facts: ExportFacts) -> bytes:
    written = WRITABLE[kind].compose(existing, facts)
    assert written is not None
    return written


def refusal(kind: str, existing: bytes | None, facts: ExportFacts) -> str:
    with pytest.raises(SidecarRefused) as caught:
        WRITABLE[kind].compose(existing, facts)
    return caught.value.error_code


def spelled_members(raw: bytes) -> dict[str, str]:
    text = raw.decode("utf-8-sig")
    members, _ = find_members(text, text.index("{"))
    return {member.key: text[member.value_start : member.value_end] for member in members}


def test_civitais_answer_is_written_exactly_as_it_came() -> None:
    body = write("civitai_info", None, OF_LANTERN)
    assert body == json.loads(example("lantern.civitai.info"))


def test_what_the_user_says_stands_apart_from_civitais_answer() -> None:
    body = write("civitai_info", None, replace(OF_LANTERN, own=OWN))
    block = body.pop("extensions")["sd_model_manager"]
    assert body == {
        key: value for key, value in json.loads(example("lantern.civitai.info")).items() if key != "extensions"
    }
    assert block["own"] == {
        "name": "Evening", "type": "lora", "base_model": "Pony", "tags": ["mine", "STYLE"], "notes": "Low.\n✓",
        "favorite": True, "rating": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["skeleton.civitai.info", "lantern.json"])
def test_a_file_of_another_version_or_none_is_left_alone(name: str) -> None:
    assert refusal("civitai_info", example(name), OF_LANTERN) == "OTHER_MODEL"


def test_there_is_no_civitai_file_without_its_whole_answer() -> None:
    assert refusal("civitai_info", None, FACTS) == "NOT_ENOUGH_KNOWN"
    raw = example("lantern.cm-info.json")
    claim = StabilityMatrix().read(SidecarFile(raw, "lantern", parse_version_body))
    assert claim is not None
    assert claim.published is not None
    assert find_version_body(claim.published) is None


def test_a_note_of_ours_replaces_the_one_in_forge_and_comes_back_when_taken_back() -> None:
    first = compose("user_metadata", example("lantern.json"), replace(FACTS, own=OwnFacts(notes="Ours.")))
    assert json.loads(first)["notes"] == "Ours."
    again = compose("user_metadata", first, FACTS)
    assert json.loads(again)["notes"] == "For covers."


def test_what_was_changed_in_the_other_tool_since_is_left() -> None:
    facts = replace(FACTS, own=OwnFacts(notes="Ours."))
    written = json.loads(compose("user_metadata", example("lantern.json"), facts))
    theirs = json.dumps({**written, "notes": "Theirs, later."}).encode()
    assert write("user_metadata", theirs, facts)["notes"] == "Theirs, later."
    newer = replace(FACTS, own=OwnFacts(notes="Ours, even later."))
    assert write("user_metadata", theirs, newer)["notes"] == "Ours, even later."


def test_what_was_changed_in_the_other_tool_is_not_taken_back_with_ours() -> None:
    written = json.loads(compose("user_metadata", example("lantern.json"), replace(FACTS, own=OwnFacts(notes="Ours."))))
    theirs = json.dumps({**written, "notes": "Theirs, later."}).encode()
    assert write("user_metadata", theirs, FACTS)["notes"] == "Theirs, later."


def test_what_sources_say_only_fills_what_is_empty() -> None:
    facts = replace(FACTS, trigger_words=("other",), description_html="<p>New</p>", preferred_weight=0.5)
    body = write("user_metadata", example("lantern.json"), facts)
    assert body == json.loads(example("lantern.json"))
    empty = b'{"activation text": "", "preferred weight": 0, "notes": null}'
    body = write("user_metadata", empty, facts)
    assert body == {"activation text": "other", "preferred weight": 0.5, "notes": None, "description": "New"}


def test_forge_is_told_the_family_that_it_offers() -> None:
    own = OwnFacts(base_model="Pony")
    assert write("user_metadata", None, replace(FACTS, own=own))["sd version"] == "SDXL"
    assert write("user_metadata", None, replace(FACTS, family="sd1", own=OwnFacts(rating=1)))["sd version"] == "SD1"
    assert write("user_metadata", example("lantern.json"), replace(FACTS, own=own))["sd version"] == "Pony"


def test_sd_next_and_forge_do_not_write_into_each_others_file() -> None:
    assert refusal("user_metadata", example("lantern.sdnext.json"), replace(FACTS, own=OWN)) == "OTHER_SHAPE"
    assert refusal("user_metadata", b'{"nodes": []}', replace(FACTS, own=OWN)) == "OTHER_SHAPE"


def test_tags_stand_beside_those_of_others_and_go_when_taken_back() -> None:
    tags = json.loads(example("lantern.metadata.json"))["tags"]
    first = compose("lora_manager", example("lantern.metadata.json"), replace(FACTS, own=OWN))
    assert json.loads(first)["tags"] == [*tags, "mine"]
    fewer = compose("lora_manager", first, replace(FACTS, own=OwnFacts(tags=("new",))))
    assert json.loads(fewer)["tags"] == [*tags, "new"]
    assert json.loads(compose("lora_manager", fewer, FACTS))["tags"] == tags


def test_a_favourite_is_one_in_lora_manager_too() -> None:
    first = compose("lora_manager", None, replace(FACTS, own=OwnFacts(favorite=True)))
    assert json.loads(first)["favorite"] is True
    assert json.loads(compose("lora_manager", first, FACTS))["favorite"] is False


@pytest.mark.parametrize(
    ("kind", "name", "changes"),
    [
        ("lora_manager", "lantern.metadata.json", {"sha256": "ab" * 32}),
        ("lora_manager", "lantern.metadata.json", {"civitai": {"id": 5}}),
        ("stability_matrix", "lantern.cm-info.json", {"VersionId": 5}),
        ("stability_matrix", "lantern.cm-info.json", {"Hashes": {"SHA256": "AB" * 32}}),
        ("user_metadata", "lantern.json", {"sha256": "AB" * 32}),
        ("user_metadata", "lantern.json", {"modelVersionId": 5}),
        ("swarm_ui", "lantern.swarm.json", {"modelspec.hash_sha256": "0x" + "ab" * 32}),
    ],
)
def test_a_file_that_names_another_model_is_left_alone(kind: str, name: str, changes: dict[str, Any]) -> None:
    raw = json.dumps({**json.loads(example(name)), **changes}).encode()
    assert refusal(kind, raw, replace(OF_LANTERN, own=OWN, autov3="cd" * 32)) == "OTHER_MODEL"


@pytest.mark.parametrize(
    ("kind", "facts"), [("lora_manager", replace(FACTS, sha256=None)), ("stability_matrix", FACTS)]
)
def test_no_file_is_made_for_a_tool_that_needs_what_is_not_known(kind: str, facts: ExportFacts) -> None:
    assert refusal(kind, None, facts) == "NOT_ENOUGH_KNOWN"


@pytest.mark.parametrize("kind", ["swarm_ui", "user_metadata"])
def test_no_file_is_made_that_would_say_nothing(kind: str) -> None:
    assert WRITABLE[kind].compose(None, FACTS) is None


@pytest.mark.parametrize("kind", WRITABLE)
@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b'{"a": }', b'{"id": ' + b"9" * 5000 + b"}"]
)
def test_what_cannot_be_edited_without_loss_is_left_alone(kind: str, raw: bytes) -> None:
    assert refusal(kind, raw, OF_LANTERN) == "UNREADABLE"


@given(text=OBJECTS, has_bom=st.booleans())
def test_everything_else_in_a_file_keeps_its_bytes(text: str, has_bom: bool) -> None:
    start = text.index("{")
    comma = "," if json.loads(text) else ""
    text = f'{text[: start + 1]}"activation text" : "1e3" {comma}{text[start + 1 :]}'
    raw = (b"\xef\xbb\xbf" if has_bom else b"") + text.encode()
    if isinstance(json.loads(text).get("extensions"), str | list):
        return
    facts = replace(FACTS, own=OwnFacts(notes="灯"))
    written = compose("user_metadata", raw, facts)
    assert written.startswith(b"\xef\xbb\xbf") is has_bom
    before, after = spelled_members(raw), spelled_members(written)
    assert {key: value for key, value in after.items() if key not in {"notes", "extensions"}} == before
    assert json.loads(after["notes"]) == "灯"
    assert compose("user_metadata", written, facts) == written


def test_a_description_becomes_plain_text_with_its_lines() -> None:
    assert to_text("<p>Soft <b>light</b>.<br>Of\nlanterns.</p><p>1 &lt; 2</p>") == "Soft light.\nOf lanterns.\n\n1 < 2"
