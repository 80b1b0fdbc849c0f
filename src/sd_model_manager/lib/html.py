"""Descriptions that strangers wrote, made safe to show: a short list of plain tags, https links, nothing that runs."""

from __future__ import annotations

import nh3

MAX_HTML_CHARACTERS = 500_000

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u",
    "ul",
}  # fmt: skip
"""No images: looking at one's own library must not tell a stranger's server about it."""

_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def sanitise(html: str) -> str:
    """Keep text and plain structure; drop scripts, styles, frames, forms, images, event handlers and unsafe links.

    Longer texts than `MAX_HTML_CHARACTERS` are cut. Links are absolute https and do not tell which page they came from.
    """
    return nh3.clean(
        html[:MAX_HTML_CHARACTERS],
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"https"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _keep_attribute(_tag: str, attribute: str, text: str) -> str | None:
    """A relative link would lead into our own pages, so it goes as well."""
    is_unsafe_link = attribute == "href" and not text.lower().startswith("https://")
    return None if is_unsafe_link else text
