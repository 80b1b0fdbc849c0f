"""What every sidecar format keeps to, whoever wrote it. A new format adds one line to `EXAMPLES`."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.config import SidecarFormatName
from sd_model_manager.domain.local import Companion, FileStat, SidecarClaim
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.registry.bodies import claim_from_json, claim_to_json
from sd_model_manager.sidecars.format import ExportFacts, OwnFacts, SidecarFile, SidecarFormat, SidecarRefused
from sd_model_manager.sidecars.reader import FORMATS, MAX_SIDECAR_BYTES, WRITABLE, SidecarReader, find_kind, rank_of
from sd_model_manager.sources.civitai.kept_answer import find_version_body, parse_version_body

FOLDER = Path(__file__).parents[1] / "sidecars/examples"
EXAMPLES = {
    "lora_manager": "lantern.metadata.json",
    "stability_matrix": "lantern.cm-info.json",
    "civitai_info": "lantern.civitai.info",
    "api_info": "lantern.api_info.json",
    "user_metadata": "lantern.json",
    "sdnext": "lantern.sdnext.json",
    "swarm_ui": "lantern.swarm.json",
    "model_page": "lantern.md",
    "description": "lantern.description.txt",
    "text": "lantern.txt",
}
"""A file of each format, most believed first. Two formats of one body differ in their names alone."""

SAME_BODY = ({"civitai_info", "api_info"}, {"description", "text"})

KEYS = sorted(
    {
        key
        for name in EXAMPLES.values()
        if name.endswith(("json", "info"))
        for key in json.loads((FOLDER / name).read_bytes())
    }
)
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.just("9999-12-31T23:59:59-12:00")
)
JSON_VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)

every_format = pytest.mark.parametrize("sidecar_format", FORMATS, ids=[one.kind for one in FORMATS])


def read(sidecar_format: SidecarFormat, raw: bytes) -> SidecarClaim | None:
    return sidecar_format.read(SidecarFile(raw, "lantern", parse_version_body))


def read_leniently(sidecar_format: SidecarFormat, raw: bytes) -> SidecarClaim | None:
    try:
        return read(sidecar_format, raw)
    except ValueError:
        return None


def test_every_format_has_a_name_of_its_own_and_an_example() -> None:
    assert [one.kind for one in FORMATS] == list(EXAMPLES)
    assert [rank_of(kind) for kind in EXAMPLES] == list(range(len(FORMATS)))


@every_format
def test_a_format_knows_its_own_example(sidecar_format: SidecarFormat) -> None:
    claim = read(sidecar_format, (FOLDER / EXAMPLES[sidecar_format.kind]).read_bytes())
    assert claim is not None
    assert claim != SidecarClaim()


@every_format
def test_a_format_leaves_other_tools_files_alone(sidecar_format: SidecarFormat) -> None:
    for kind, name in EXAMPLES.items():
        if kind != sidecar_format.kind and {kind, sidecar_format.kind} not in SAME_BODY:
            assert read_leniently(sidecar_format, (FOLDER / name).read_bytes()) is None, name


@every_format
def test_a_sidecar_is_kept_as_it_is(sidecar_format: SidecarFormat, tmp_path: Path) -> None:
    raw = (FOLDER / EXAMPLES[sidecar_format.kind]).read_bytes()
    path = tmp_path / f"lantern{sidecar_format.suffix.upper()}"
    path.write_bytes(raw)
    found = find_kind(path.name)
    assert found is not None
    assert found[1] == "lantern"
    sidecar = SidecarReader(parse_version_body).read(path, Companion(path.name, found[0], FileStat(len(raw), 0, 0)))
    assert sidecar is not None
    assert (sidecar.raw, sidecar.companion.kind) == (raw, sidecar_format.kind)


@every_format
def test_what_a_sidecar_claims_outlives_the_database(sidecar_format: SidecarFormat) -> None:
    claim = read(sidecar_format, (FOLDER / EXAMPLES[sidecar_format.kind]).read_bytes())
    assert claim is not None
    kept = claim_from_json(json.loads(json.dumps(claim_to_json(claim))))
    assert claim_to_json(kept) == claim_to_json(claim)


@every_format
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(sidecar_format: SidecarFormat, raw: bytes) -> None:
    read_leniently(sidecar_format, raw)


@every_format
@given(value=JSON_VALUES)
def test_any_json_is_read_or_refused(sidecar_format: SidecarFormat, value: object) -> None:
    claim = read_leniently(sidecar_format, json.dumps(value).encode())
    if claim:
        json.dumps(claim_to_json(claim), allow_nan=False, ensure_ascii=False).encode()


@every_format
@given(changes=st.dictionaries(st.sampled_from(KEYS), JSON_VALUES, max_size=6))
def test_its_own_example_with_any_field_changed_is_read_or_refused(
    sidecar_format: SidecarFormat, changes: dict[str, object]
) -> None:
    raw = (FOLDER / EXAMPLES[sidecar_format.kind]).read_bytes()
    try:
        raw = json.dumps({**json.loads(raw), **changes}).encode()
    except json.JSONDecodeError:
        raw += json.dumps(changes).encode()
    read_leniently(sidecar_format, raw)


@every_format
def test_absurd_nesting_is_refused(sidecar_format: SidecarFormat) -> None:
    for depth in (65, 400, 900, 100_000):
        read_leniently(sidecar_format, b'{"model": ' * depth + b"1" + b"}" * depth)


def test_what_is_larger_than_any_sidecar_is_not_opened(tmp_path: Path) -> None:
    too_large = Companion("lantern.json", "user_metadata", FileStat(MAX_SIDECAR_BYTES + 1, 0, 0))
    with pytest.raises(ValueError, match="larger"):
        SidecarReader(parse_version_body).read(tmp_path / "lantern.json", too_large)


def test_every_format_is_listed_for_those_who_add_one_in_the_order_it_is_believed() -> None:
    page = (Path(__file__).parents[2] / "docs/add-a-sidecar-format.md").read_text("utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \| `([\w.-]+)` \|", page) == [(one.kind, one.suffix) for one in FORMATS]


every_writable_format = pytest.mark.parametrize("kind", WRITABLE)
LANTERN = parse_version_body((FOLDER / "lantern.civitai.info").read_bytes())
OWN = OwnFacts(name="Evening", base_model="Pony", tags=("mine",), notes="Low.\n✓ <lora:lantern:0.8>", favorite=True)
ANY_OWN = st.builds(
    OwnFacts,
    name=st.none() | st.text(alphabet='aé灯"\\ ', min_size=1, max_size=5),
    base_model=st.none() | st.sampled_from(["Pony", "SD 1.5", "Something New"]),
    tags=st.lists(st.text(alphabet="abé", min_size=1, max_size=3), max_size=3, unique=True).map(tuple),
    notes=st.text(max_size=20),
    favorite=st.booleans(),
    rating=st.none() | st.integers(0, 5),
)


def make_facts(own: OwnFacts) -> ExportFacts:
    """All that can be known of the model that the examples are about."""
    assert LANTERN is not None
    return ExportFacts(
        stem="lantern",
        path="/models/lantern.safetensors",
        size_bytes=1024,
        modified_at=1772560000.25,
        type=ModelType.LORA,
        sha256=json.loads((FOLDER / "lantern.metadata.json").read_bytes())["sha256"],
        family="sdxl",
        own=own,
        name=LANTERN.model_name,
        base_model="Illustrious",
        trigger_words=("pprlntrn", "paper lantern, glowing"),
        tags=("style",),
        description_html="<p>Soft light.</p>",
        preferred_weight=0.8,
        published=LANTERN,
        answer=find_version_body(LANTERN),
    )


def compose(kind: str, existing: bytes | None, facts: ExportFacts) -> bytes:
    written = WRITABLE[kind].compose(existing, facts)
    assert written is not None
    return written


def read_as(kind: str, raw: bytes) -> SidecarClaim:
    claim = read(next(one for one in FORMATS if one.kind == kind), raw)
    assert claim is not None
    return claim


def test_every_format_that_is_written_can_be_chosen_in_the_settings() -> None:
    assert list(WRITABLE) == list(get_args(SidecarFormatName))


@every_writable_format
def test_what_was_written_into_a_new_file_is_read_from_it(kind: str) -> None:
    facts = make_facts(OWN)
    claim = read_as(kind, compose(kind, None, facts))
    said = {field.name: getattr(claim, field.name) for field in fields(claim)}
    could_say = {
        "sha256": facts.sha256,
        "trigger_words": facts.trigger_words,
        "tags": ("style", "mine"),
        "model_name": "Evening",
        "base_model": "Pony",
        "description_html": facts.description_html,
        "notes": OWN.notes,
        "preferred_weight": 0.8,
    }
    if kind == "swarm_ui":
        could_say["trigger_words"] = ("pprlntrn", "paper lantern", "glowing")
    assert {name: value for name, value in said.items() if name in could_say and value} == {
        name: could_say[name] for name in WRITTEN_FIELDS[kind]
    }
    if kind in {"civitai_info", "lora_manager", "stability_matrix"}:
        assert claim.published is not None
        assert LANTERN is not None
        assert (claim.published.model_id, claim.published.version_id) == (LANTERN.model_id, LANTERN.version_id)


WRITTEN_FIELDS = {
    "lora_manager": {
        "sha256", "trigger_words", "tags", "model_name", "base_model", "description_html", "notes", "preferred_weight",
    },
    "stability_matrix": {"sha256", "trigger_words", "tags", "model_name", "base_model", "description_html"},
    "civitai_info": {"sha256"},
    "user_metadata": {"trigger_words", "description_html", "notes", "preferred_weight"},
    "swarm_ui": {"trigger_words", "tags", "model_name", "description_html", "notes", "preferred_weight"},
}  # fmt: skip
"""What each format has a place for. The engines' families, which `user_metadata` has, are no base model."""


@every_writable_format
@given(own=ANY_OWN)
def test_writing_twice_changes_nothing(kind: str, own: OwnFacts) -> None:
    for existing in (None, (FOLDER / EXAMPLES[kind]).read_bytes()):
        written = compose(kind, existing, make_facts(own))
        assert compose(kind, written, make_facts(own)) == written


@every_writable_format
@given(own=ANY_OWN)
def test_what_is_taken_back_leaves_the_claims_as_they_were(kind: str, own: OwnFacts) -> None:
    existing = compose(kind, (FOLDER / EXAMPLES[kind]).read_bytes(), make_facts(OwnFacts()))
    written = compose(kind, existing, make_facts(own))
    back = compose(kind, written, make_facts(OwnFacts()))
    assert claim_to_json(read_as(kind, back)) == claim_to_json(read_as(kind, existing))


@every_writable_format
def test_a_whole_file_with_nothing_new_is_not_touched(kind: str) -> None:
    raw = (FOLDER / EXAMPLES[kind]).read_bytes()
    facts = replace(make_facts(OwnFacts()), description_html=None, tags=(), trigger_words=(), preferred_weight=None)
    assert compose(kind, raw, facts) == raw


@every_writable_format
def test_other_tools_files_are_refused_by_who_writes(kind: str) -> None:
    for other, name in EXAMPLES.items():
        if other != kind and {other, kind} not in SAME_BODY:
            with pytest.raises(SidecarRefused):
                compose(kind, (FOLDER / name).read_bytes(), make_facts(OWN))


@every_writable_format
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_edited_or_refused(kind: str, raw: bytes) -> None:
    try:
        compose(kind, raw, make_facts(OWN))
    except SidecarRefused:
        return


@every_writable_format
@given(changes=st.dictionaries(st.sampled_from(KEYS), JSON_VALUES, max_size=6))
def test_its_own_example_with_any_field_changed_is_edited_or_refused(kind: str, changes: dict[str, object]) -> None:
    raw = json.dumps({**json.loads((FOLDER / EXAMPLES[kind]).read_bytes()), **changes}).encode()
    try:
        written = compose(kind, raw, make_facts(OWN))
    except SidecarRefused:
        return
    json.loads(written)
