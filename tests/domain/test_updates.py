"""A later release is told from the same one in another packing, from what is for another purpose, and from siblings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.updates import KnownVersion, is_newer, parse_version_name


def version(name: str, number: int, base_model: str = "SDXL 1.0", day: int | None = None) -> KnownVersion:
    published_at = datetime(2026, 3, day, tzinfo=UTC) if day else None
    return KnownVersion(number, "civitai", "1", number, parse_version_name(name), base_model, published_at)


@pytest.mark.parametrize(
    ("installed", "later"),
    [
        ("v1.0", "v2.0"),
        ("v9", "v10"),
        ("v1.0", "v1.1"),
        ("v2", "v2.0 fix"),
        ("v1.0 fp8", "v2.0"),
        ("V6 (start with this one)", "V7"),
        ("v1.0 inpainting", "v2.0 Inpainting"),
        ("Wan 2.1 High Noise", "Wan 2.2 high-noise"),
        ("beta", "Final"),
        ("v1.0", "v1.0"),
        ("", ""),
    ],
)
def test_a_later_release_is_an_update(installed: str, later: str) -> None:
    assert is_newer(version(later, 2), version(installed, 1))
    assert not is_newer(version(installed, 1), version(later, 2))


@pytest.mark.parametrize(
    ("installed", "other"),
    [
        ("v2.0", "v2.0 fp8"),
        ("v2.0 fp8", "v2.0"),
        ("v2.0", "v2.0-pruned"),
        ("v2", "v2.0 (no VAE)"),
        ("v2.0 Q4_K_M", "v2.0 Q8_0"),
        ("v2_fp16", "v2_nf4"),
        ("full", "pruned"),
        ("v2.0", "v2.0 Lightning 4 steps"),
        ("v2.0", "v3.0 inpainting"),
        ("I2V 480p", "T2V 720p"),
        ("v2.0 blue", "v2.0 red"),
        ("v2.0", "v1.0 pruned"),
    ],
)
def test_a_sibling_is_none(installed: str, other: str) -> None:
    assert not is_newer(version(other, 2), version(installed, 1))


def test_a_version_for_another_base_model_is_none() -> None:
    assert not is_newer(version("v2.0", 2, "Pony"), version("v1.0", 1))


def test_when_it_was_published_counts_before_its_number() -> None:
    assert is_newer(version("new", 1, day=20), version("old", 2, day=10))
    assert not is_newer(version("old", 2, day=10), version("new", 1, day=20))


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_two_versions_are_each_newer_than_the_other(one: str, other: str) -> None:
    first, second = version(one, 1), version(other, 2)
    assert not (is_newer(first, second) and is_newer(second, first))
