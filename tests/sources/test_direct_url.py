from __future__ import annotations

import pytest

from sd_model_manager.domain.published import Reference
from sd_model_manager.lib.errors import BadInput, SourceGone, SourceNeedsLogin, SourceRateLimited
from sd_model_manager.sources.direct_url import DirectUrlSource

R2 = (
    "https://civitai-delivery.r2.cloudflarestorage.com/model/1/x.aB3d.safetensors?X-Amz-Expires=86400"
    "&response-content-disposition=attachment%3B%20filename%3D%22paper_lantern_v2.safetensors%22&X-Amz-Signature=00"
)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://models.example/files/harbour.safetensors", "harbour.safetensors"),
        ("https://models.example/files/harbour.safetensors?download=true#top", "harbour.safetensors"),
        ("https://models.example/h%C3%A4fen%20v2.ckpt", "häfen v2.ckpt"),
        ("https://models.example/a/", "a"),
        ("https://models.example", "models.example"),
        ("https://models.example/%2e%2e%2fetc%2fpasswd", "passwd"),
        (R2, "paper_lantern_v2.safetensors"),
    ],
)
def test_the_file_is_named_as_the_link_names_it(url: str, name: str) -> None:
    source = DirectUrlSource()
    reference = source.recognise(url)
    assert reference is not None
    version = source.fetch_version(reference)
    assert version.files[0].name == name
    assert source.resolve_file(version, version.files[0]).url == url.partition("#")[0]


def test_a_link_is_the_same_file_whatever_its_query_says() -> None:
    source = DirectUrlSource()
    first, second = (
        source.fetch_version(Reference("url", path=f"https://models.example/x.safetensors?{query}"))
        for query in ("a=1", "token=secret")
    )
    assert first.version_id == second.version_id
    assert "secret" not in repr(second.page_url) + str(second.raw)


def test_a_signed_link_comes_with_the_caution_that_it_expires() -> None:
    version = DirectUrlSource().fetch_version(Reference("url", path=R2))
    assert [caution.code for caution in version.warnings] == ["EXPIRING_LINK"]


@pytest.mark.parametrize("text", ["models.example/x", "file:///x", "https://", "https://a b/x", "https://a:b:c/"])
def test_what_is_no_web_link_is_left_alone(text: str) -> None:
    assert DirectUrlSource().recognise(text) is None


def test_a_link_with_a_password_is_refused() -> None:
    with pytest.raises(BadInput, match="password"):
        DirectUrlSource().recognise("https://me:pw@models.example/x")


@pytest.mark.parametrize(("status", "kind"), [(401, SourceNeedsLogin), (410, SourceGone), (429, SourceRateLimited)])
def test_a_refusal_is_told_in_the_usual_terms(status: int, kind: type[Exception]) -> None:
    assert isinstance(DirectUrlSource().explain_refusal(status, {}, b""), kind)
