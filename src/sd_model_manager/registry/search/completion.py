"""What may stand where a user is typing a query: fields, and the values that the library has for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
from sqlalchemy import select

from sd_model_manager.db.tables import collections
from sd_model_manager.domain.catalogue import Completion
from sd_model_manager.domain.query import FIELD_NAMES, Field, choices_of, quote_value
from sd_model_manager.registry.search.columns import Mask
from sd_model_manager.registry.search.index import Search

MAX_COMPLETIONS = 20
_TOKEN = re.compile(r'-?(?:(?P<field>\w+):(?P<values>(?:"(?:[^"]|"")*"?|[^\s"])*)|(?P<word>"(?:[^"]|"")*"?|\S+))')
_LAST_VALUE = re.compile(r'(?:^|,)(?P<value>"(?:[^"]|"")*"?|[^",]*)$')
_COLUMN_OF = {
    Field.BASE: "base_model",
    Field.FOLDER: "folder",
    Field.PRECISION: "precision",
    Field.NETWORK: "network",
    Field.CREATOR: "creator",
    Field.SOURCE: "source",
    Field.TYPE: "type",
    Field.FORMAT: "format",
}


def complete(search: Search, text: str, position: int, shown: Mask) -> list[Completion]:
    """The best first, counted in the models that are shown. Of a word that is no field yet, fields that begin so, and
    tags that have it."""
    for token in _TOKEN.finditer(text):
        if token.start() <= position <= token.end():
            break
    else:
        return [Completion(f"{name}:", position, position, "field") for name in FIELD_NAMES][:MAX_COMPLETIONS]
    if token["field"]:
        return _complete_value(search, token, position, shown)
    typed = (token["word"] or "").strip('"').casefold()
    start, end = token.start("word"), token.end("word")
    fields = [Completion(f"{name}:", start, end, "field") for name in FIELD_NAMES if name.startswith(typed)]
    tags = _rank(_count_tags(search, shown).items(), typed)
    with_tag = (Completion(f"tag:{quote_value(tag)}", start, end, "tag", count) for tag, count in tags)
    return [*fields, *with_tag][:MAX_COMPLETIONS]


def _complete_value(search: Search, token: re.Match[str], position: int, shown: Mask) -> list[Completion]:
    """The last of the values that stand before the position is the one being typed."""
    before = token["values"][: max(0, position - token.start("values"))]
    last = _LAST_VALUE.search(before)
    if last is None or token["field"].lower() not in FIELD_NAMES:
        return []
    start, end = token.start("values") + last.start("value"), position
    typed = last["value"].strip('"').casefold()
    field = token["field"].lower()
    values = _rank(_count_values(search, field, shown).items(), typed)
    return [Completion(quote_value(value), start, end, field, n or None) for value, n in values][:MAX_COMPLETIONS]


def _count_values(search: Search, field: str, shown: Mask) -> Counter[str]:
    """Values with the number of models that have them; those of which it is not counted have 0."""
    if field == Field.TAG:
        return _count_tags(search, shown)
    if field == Field.COLLECTION:
        return Counter(dict.fromkeys(search.connection.scalars(select(collections.c.name)), 0))
    if column := _COLUMN_OF.get(Field(field)) if field in list(Field) else None:
        counted = search.columns.words[column].count(np.flatnonzero(shown))
        return Counter({value: count for value, count in counted.items() if value})
    return Counter(dict.fromkeys(choices_of(field), 0))


def _count_tags(search: Search, shown: Mask) -> Counter[str]:
    counted = search.columns.tags.count(shown)
    return Counter({tag: count for tag, count in counted.items() if tag})


def _rank(counted: Iterable[tuple[str, int]], typed: str) -> list[tuple[str, int]]:
    """Those that have what was typed: at their beginning before elsewhere, then the most frequent."""
    found = [(value, count) for value, count in counted if typed in value.casefold()]
    found.sort(key=lambda pair: (not pair[0].casefold().startswith(typed), -pair[1], pair[0]))
    return found[:MAX_COMPLETIONS]
