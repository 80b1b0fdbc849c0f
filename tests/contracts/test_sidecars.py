"""What every sidecar format keeps to, whoever wrote it. A new format adds one line to `EXAMPLES`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.local import Companion, FileStat, SidecarClaim
from sd_model_manager.registry.bodies import claim_from_json, claim_to_json
from sd_model_manager.sidecars.format import SidecarFile, SidecarFormat
from sd_model_manager.sidecars.reader import FORMATS, MAX_SIDECAR_BYTES, SidecarReader, find_kind, rank_of
from sd_model_manager.sources.civitai.kept_answer import parse_version_body

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
