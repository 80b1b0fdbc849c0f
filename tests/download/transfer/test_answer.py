"""Headers are read as the specification says, and anything else is harmless."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.download.transfer.answer import (
    ContentRange,
    FileMark,
    parse_content_range,
    parse_disposition_name,
    parse_length,
    parse_retry_after,
    parse_unsatisfied_total,
)

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 10**12))
def test_any_content_range_is_read(start: int, length: int, rest: int) -> None:
    end, total = start + length, start + length + rest
    assert parse_content_range(f"bytes {start}-{end - 1}/{total}") == ContentRange(start, end, total)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "bytes",
        "bytes */5",
        "items 0-1/2",
        "bytes 5-4/10",
        "bytes 0-10/10",
        "bytes 0-1/2, 4-5/6",
        "bytes 0-٣/9",
    ],
)
def test_a_content_range_without_sense_is_none(text: str | None) -> None:
    assert parse_content_range(text) is None


def test_the_size_in_a_416_is_read() -> None:
    assert parse_unsatisfied_total("bytes */1000") == 1000
    assert parse_unsatisfied_total("bytes 0-1/1000") is None


@pytest.mark.parametrize(("text", "length"), [("12", 12), (" 7 ", 7), (None, None), ("-1", None), ("1e3", None)])
def test_a_length_is_a_plain_number(text: str | None, length: int | None) -> None:
    assert parse_length(text) == length


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Tue, 24 Nov 2026 10:01:00 GMT", "date": DATE}, 60),
        ({"retry-after": "Tue, 24 Nov 2026 10:00:30 GMT"}, 20),
        ({"retry-after": "Tue, 24 Nov 2020 10:00:30 GMT"}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "99999999999999999999"}, None),
        ({}, None),
    ],
)
def test_a_pause_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers, now=datetime(2026, 11, 24, 10, 0, 10, tzinfo=UTC)) == seconds


@given(st.text(max_size=60))
def test_no_header_text_is_too_strange(text: str) -> None:
    parse_disposition_name(text)
    parse_content_range(text)
    parse_retry_after({"retry-after": text, "date": text})
    FileMark.of("https://a:443", {"etag": text, "last-modified": text, "date": text})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("attachment; filename=plain.bin", "plain.bin"),
        ('attachment; filename="semi;colon.bin"', "semi;colon.bin"),
        (r'attachment; filename="quo\"te.bin"', 'quo"te.bin'),
        ("attachment; filename*=iso-8859-1'en'%A3.bin; filename=x", "£.bin"),
        ("attachment; filename*=nonsense''a%FF.bin", "aÿ.bin"),
        ('attachment; filename="猫.bin"'.encode().decode("latin-1"), "猫.bin"),
        ('attachment; filename=""', None),
        ("attachment", None),
        (None, None),
    ],
)
def test_a_file_name_is_read_in_every_form(text: str | None, name: str | None) -> None:
    assert parse_disposition_name(text) == name


def mark(origin: str = "https://a:443", **headers: str) -> FileMark:
    return FileMark.of(origin, {name.replace("_", "-"): value for name, value in headers.items()})


def test_marks_of_one_origin_are_compared() -> None:
    assert mark(etag='"1"').contradicts(mark(etag='"2"'))
    assert not mark(etag='"1"').contradicts(mark(etag='W/"1"'))
    assert mark(last_modified=DATE).contradicts(mark(last_modified="Tue, 24 Nov 2026 11:00:00 GMT"))
    assert not mark(etag='"1"').contradicts(mark("https://b:443", etag='"2"'))


def test_marks_vouch_for_the_same_file() -> None:
    assert mark(etag='"1"').vouches_for(mark("https://b:443", etag='"1"'))
    assert mark(etag='W/"1"').vouches_for(mark(etag='W/"1"'))
    assert not mark(etag='W/"1"').vouches_for(mark("https://b:443", etag='W/"1"'))
    assert not mark().vouches_for(mark())
    assert not mark(etag='"1"').vouches_for(mark(last_modified=DATE))


def test_only_strong_validators_are_conditions() -> None:
    assert mark(etag='"1"').strong_validator == '"1"'
    assert mark(etag='W/"1"').strong_validator is None
    assert mark(last_modified=DATE, date=DATE).strong_validator is None
    assert mark(last_modified=DATE, date="Tue, 24 Nov 2026 10:02:00 GMT").strong_validator == DATE
