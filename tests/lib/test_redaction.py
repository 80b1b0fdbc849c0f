from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sd_model_manager.lib.redaction import HIDDEN, SecretFilter, redact

SECRET = "s3cr3t-value/with+signs="


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET https://civitai.com/api/download/models/1?fileId=2&token=abc", f"GET https://civitai.com/api/download/models/1?fileId=2&token={HIDDEN}"),
        ("https://x/y?token=abc&fileId=2 next", f"https://x/y?token={HIDDEN}&fileId=2 next"),
        ("https://r2/x?X-Amz-Expires=86400&X-Amz-Signature=00ff", f"https://r2/x?X-Amz-Expires={HIDDEN}&X-Amz-Signature={HIDDEN}"),
        ("https://b2.civitai.com/f?Authorization=3_2026_sig_dnld&b2ContentDisposition=a", f"https://b2.civitai.com/f?Authorization={HIDDEN}&b2ContentDisposition=a"),
        ("https://cdn/x?Expires=1&Signature=ab~c_&Key-Pair-Id=K", f"https://cdn/x?Expires={HIDDEN}&Signature={HIDDEN}&Key-Pair-Id={HIDDEN}"),
        ("{'Authorization': 'Bearer abc', 'Accept': '*/*'}", f"{{'Authorization': '{HIDDEN}', 'Accept': '*/*'}}"),
        ("Authorization: Basic YWJj\nAccept: x", f"Authorization: {HIDDEN}\nAccept: x"),
        ("sent Bearer abc.def, refused", f"sent Bearer {HIDDEN}, refused"),
        ("postgresql+psycopg://me:pw@host/db", f"postgresql+psycopg://me:{HIDDEN}@host/db"),
        ("cookie: a=b; c=d", f"cookie: {HIDDEN}"),
        ("a monkey=5 and a tokenizer=x stay", "a monkey=5 and a tokenizer=x stay"),
        ("trigger word: token", "trigger word: token"),
    ],
)  # fmt: skip
def test_what_works_like_a_key_is_hidden_and_the_rest_stays(text: str, expected: str) -> None:
    assert redact(text) == expected


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_known_secret_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    assert SECRET not in redact(before + SECRET + after, [SECRET])


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(SecretFilter([SECRET, "abc"]))
    logger = logging.getLogger("tests.redaction")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


def test_a_log_line_is_redacted_with_its_arguments_and_traceback(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    try:
        raise RuntimeError(f"failed with {SECRET}")
    except RuntimeError:
        logger.exception("could not fetch %s with %s", "https://x/?token=t0ps3cret", SECRET)
    text = stream.getvalue()
    assert "RuntimeError" in text
    assert SECRET not in text
    assert "t0ps3cret" not in text


def test_a_secret_is_hidden_in_its_url_quoted_form_too(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.warning("s3cr3t-value%2Fwith%2Bsigns%3D")
    assert stream.getvalue() == f"{HIDDEN}\n"


def test_a_text_too_short_to_be_a_secret_does_not_blank_the_log(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.warning("the abc of models")
    assert stream.getvalue() == "the abc of models\n"
