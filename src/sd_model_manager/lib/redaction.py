"""Keeps secrets out of logs and messages: API keys, and the signatures in storage URLs that work like keys."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote

HIDDEN = "[hidden]"

_PATTERNS = (
    re.compile(r"(?i)(\b(?:authorization|cookie|set-cookie|x-api-key)\b[\"']?\s*:\s*[\"']?)[^\r\n\"']+"),
    re.compile(r"(?i)(\bbearer\s+)[^\s\"',;]+"),
    re.compile(
        r"(?i)((?:^|[?&;\s\"'])"
        r"(?:token|access_token|api_?key|key|secret|password|signature|sig|authorization|expires|policy|key-pair-id"
        r"|x-amz-[a-z-]+|x-goog-[a-z-]+)(?:=|%3d))[^&\s\"'<>]+"
    ),
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s@]+(?=@)"),
)
_MIN_SECRET_LENGTH = 4
_formatter = logging.Formatter()


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """Replace every token, credential header and URL signature, and whatever `secrets` lists."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


class SecretFilter(logging.Filter):
    """Redacts a record's message and traceback before its handler writes it.

    Attach it to every handler: a filter on a logger does not see what the loggers below it pass up.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets: tuple[str, ...] = ()
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """Hide this text from now on, also URL-quoted. Texts too short to be a secret are ignored."""
        secret = secret.strip()
        if len(secret) >= _MIN_SECRET_LENGTH:
            spellings = {*self._secrets, secret, quote(secret, safe="")}
            self._secrets = tuple(sorted(spellings, key=len, reverse=True))

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage(), self._secrets)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, self._secrets)
        if record.stack_info:
            record.stack_info = redact(record.stack_info, self._secrets)
        return True
