from __future__ import annotations

import re
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.domain.published import Reference
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.sources.civitai.references import parse_reference

SHA256 = "C8A7E34DD2B60A63B3E4A406E605AD674E35D655373C38E2EFE9D498C4149616"
OWN = frozenset({"127.0.0.1:9000", "mirror.example"})


def ref(**fields: object) -> Reference:
    return Reference("civitai", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://civitai.com/models/9000301", ref(model_id="9000301")),
        ("https://civitai.com/models/9000301/", ref(model_id="9000301")),
        ("https://civitai.com/models/9000301/paper-lantern", ref(model_id="9000301")),
        (
            "https://civitai.com/models/9000301/paper-lantern?modelVersionId=9100302",
            ref(model_id="9000301", version_id="9100302"),
        ),
        (
            "https://civitai.com/models/9000301?modelVersionId=9100302#comments",
            ref(model_id="9000301", version_id="9100302"),
        ),
        (
            "https://civitai.com/models/9000301?modelVersionId=9100302&utm_source=x",
            ref(model_id="9000301", version_id="9100302"),
        ),
        ("https://civitai.com/models/9000301?modelVersionId=", ref(model_id="9000301")),
        ("https://civitai.com/models/9000301/reviews", ref(model_id="9000301")),
        (
            "https://civitai.com/models/9000301/model-versions/9100302/reviews",
            ref(model_id="9000301", version_id="9100302"),
        ),
        ("https://civitai.com/model-versions/9100302", ref(version_id="9100302")),
        ("http://www.civitai.com/models/9000301", ref(model_id="9000301")),
        ("https://civitai.red/models/9000301", ref(model_id="9000301")),
        ("https://www.civitai.green/models/9000301", ref(model_id="9000301")),
        ("https://CIVITAI.com:443/models/9000301", ref(model_id="9000301")),
        ("civitai.com/models/9000301", ref(model_id="9000301")),
        ("  <https://civitai.com/models/9000301>\n", ref(model_id="9000301")),
        ("https://civitai.com//models//9000301", ref(model_id="9000301")),
        ("http://127.0.0.1:9000/models/5", ref(model_id="5")),
        ("https://mirror.example/api/download/models/5?fileId=6", ref(version_id="5", file_id="6")),
        ("https://civitai.com/api/download/models/9100302", ref(version_id="9100302")),
        (
            "https://civitai.com/api/download/models/9100302?fileId=9200302&token=secret",
            ref(version_id="9100302", file_id="9200302"),
        ),
        (
            "https://civitai.com/api/download/models/9100401?type=Model&format=GGUF&quantType=Q4_K_M&token=secret",
            ref(version_id="9100401", selectors=(("type", "Model"), ("format", "GGUF"), ("quantType", "Q4_K_M"))),
        ),
        (
            "https://civitai.com/api/download/training-data/9100301",
            ref(version_id="9100301", selectors=(("type", "Training Data"),)),
        ),
        ("https://civitai.com/api/v1/models/9000301", ref(model_id="9000301")),
        ("https://civitai.com/api/v1/model-versions/9100302", ref(version_id="9100302")),
        ("https://civitai.com/api/v1/model-versions/mini/9100302", ref(version_id="9100302")),
        (f"https://civitai.com/api/v1/model-versions/by-hash/{SHA256}", ref(sha256=SHA256.lower())),
        ("https://civitai.com/api/v1/model-versions/by-hash/07DF1203CB40", ref(short_hash="07df1203cb40")),
        ("urn:air:sdxl:lora:civitai:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("URN:AIR:SDXL:LORA:CIVITAI:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("air:sd1:checkpoint:civitai:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("sdxl:lora:civitai:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("lora:civitai:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("civitai:9000301@9100302", ref(model_id="9000301", version_id="9100302")),
        ("civitai:9000301", ref(model_id="9000301")),
        ("urn:air:flux1:text_encoders:civitai:1@2.safetensors", ref(model_id="1", version_id="2")),
        ("urn:air:sdxl:lora:civitai:1@2+3.safetensors", ref(model_id="1", version_id="2", file_id="3")),
        ("9000301", ref(model_id="9000301")),
        (SHA256, ref(sha256=SHA256.lower())),
    ],
)
def test_every_shape_a_user_pastes_is_understood(text: str, expected: Reference) -> None:
    assert parse_reference(text, OWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/models/1", "https://huggingface.co/a/b", "http://127.0.0.1:9001/models/5",
        "https://civitai.com.evil.example/models/1", "https://evilcivitai.com/models/1", "ftp://civitai.com/models/1",
        "https://b2.civitai.com/file/a.safetensors?Authorization=3_x",
        "urn:air:flux1:checkpoint:huggingface:org/repo@main", "oci:image:x@sha256:abc", "1@2", "paper lantern", "",
        "https://[::1/models/1", "a:b:c:d:civitai:1@2",
    ],
)  # fmt: skip
def test_what_belongs_to_others_is_left_to_them(text: str) -> None:
    assert parse_reference(text, OWN) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("https://civitai.com/images/123", "picture"),
        ("https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/uuid/width=450/90010201.jpeg", "picture"),
        ("https://civitai.com/posts/123", "post"),
        ("https://civitai.com/user/somebody/models", "user"),
        ("https://civitai.com/collections/5", "collection"),
        ("https://civitai.com/", "names no model"),
        ("https://civitai.com/models", "names no model"),
        ("https://civitai.com/models/abc", "names no model"),
        ("https://civitai.com/models/0", "not an id"),
        ("https://civitai.com/models/99999999999", "not an id"),
        ("https://civitai.com/models/1?modelVersionId=abc", "not an id"),
        ("https://user:pw@civitai.com/models/1", "before the '@'"),
        ("https://civitai.com/api/v1/model-versions/by-hash/02C6F393", "SHA-256"),
        ("urn:air:sdxl:lora:civitai:abc@2", "urn:air"),
        ("civitai:", "urn:air"),
        ("2147483648", "not an id"),
    ],
)
def test_civitai_links_that_name_no_model_say_what_to_paste_instead(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match=re.escape(hint)):
        parse_reference(text, OWN)


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"(https?://)?(www\.)?civitai\.(com|red)/[a-z0-9/?=&@:%.-]{0,60}"))
def test_no_text_at_all_makes_it_fail_otherwise(text: str) -> None:
    try:
        parse_reference(text, OWN)
    except BadInput:
        return


@settings(deadline=None)
@given(st.from_regex(r"[0-9a-f]{32}", fullmatch=True), st.sampled_from(["token", "TOKEN", "api_key", "session"]))
def test_a_key_in_a_link_is_never_part_of_what_is_kept(key: str, name: str) -> None:
    found = parse_reference(f"https://civitai.com/api/download/models/5?type=Model&{name}={key}&format=GGUF")
    assert key not in repr(astuple(found))  # type: ignore[arg-type]
