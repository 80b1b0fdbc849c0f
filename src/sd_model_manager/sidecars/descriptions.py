"""Descriptions in plain text, which some tools fill with a source's HTML, made safe to show."""

from __future__ import annotations

import html
import re

from sd_model_manager.lib.html import MAX_HTML_CHARACTERS, sanitise

_MARKUP = re.compile(r"(?i)</(?:p|a|b|i|em|strong|ul|ol|li|h[1-6]|div|span|code|pre|table)>|<(?:br|hr)\s*/?>")
"""Not every pair of angle brackets is a tag: people write `<lora:lantern:0.8>` in their notes."""


def to_html(text: str) -> str:
    """Paragraphs and line breaks of a plain text; what is HTML already is sanitised."""
    if _MARKUP.search(text):
        return sanitise(text)
    paragraphs = re.split(r"\n[ \t]*\n\s*", text[:MAX_HTML_CHARACTERS].replace("\r\n", "\n").strip())
    return "".join(f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def to_text(html_text: str) -> str:
    """The words of a description for a tool that shows plain text, with its lines and paragraphs."""
    text = re.sub(r"(?i)<br\s*/?>", "\n", re.sub(r"\s+", " ", html_text))
    text = re.sub(r"(?i)</(?:p|h[1-6]|ul|ol|pre|table|blockquote)>", "\n\n", text)
    text = re.sub(r"(?i)</(?:li|div|tr)>", "\n", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()


def decode(raw: bytes) -> str:
    """UTF-8, or UTF-16 where it says so, as Windows editors write it. Raises ValueError."""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError("it is no UTF-8 text") from error
