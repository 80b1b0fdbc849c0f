"""What was perhaps meant, where nothing was found: the words of a query as the library spells them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from sqlalchemy import select

from sd_model_manager.db.tables import contents
from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.query import AnyOf, Field, Query, Term, Words
from sd_model_manager.registry.search.index import Search

_LEAST_LIKENESS = 0.7
_MIN_CHARACTERS = 3
_MAX_LONGER = 2
_WORD = re.compile(r"[^\W_]{3,}")


def suggest_query(search: Search, wanted: ModelFilter, query: Query) -> str | None:
    """The query with each word and tag that finds nothing replaced by the one most like it, if that finds models."""
    terms = tuple(_respell(search, term) for term in query.terms)
    if terms == query.terms:
        return None
    meant = replace(query, terms=terms)
    return str(meant) if search.match(wanted, meant).any() else None


def _respell(search: Search, term: Term) -> Term:
    match term.clause:
        case Words(text) if not term.is_negated and len(text) >= _MIN_CHARACTERS:
            if not len(search.vocabulary.find(search.connection, text, len(search.columns))):
                return replace(term, clause=Words(_most_like(text, _words_like(search, text)) or text))
        case AnyOf(Field.TAG | Field.CREATOR as field, values) if not term.is_negated:
            known = _known_values(search, field)
            meant = tuple(value if value.casefold() in known else _most_like(value, known) or value for value in values)
            return replace(term, clause=AnyOf(field, meant))
    return term


def _words_like(search: Search, typed: str) -> Iterable[str]:
    """Words about as long: those of the index; on PostgreSQL, which keeps none, of names and tags."""
    if search.connection.dialect.name == "sqlite":
        return search.vocabulary.of_length(len(typed) - _MAX_LONGER, len(typed) + _MAX_LONGER)
    names = search.connection.scalars(select(contents.c.sort_name))
    return {word for text in (*names, *_known_values(search, Field.TAG)) for word in _WORD.findall(text)}


def _known_values(search: Search, field: Field) -> set[str]:
    columns = search.columns
    spellings = columns.tags.spellings if field is Field.TAG else columns.words["creator"].values
    return {value.casefold() for value in spellings if value}


def _most_like(typed: str, known: Iterable[str]) -> str | None:
    """The word most like it, of those about as long that have two of its letters in a row."""
    folded = typed.casefold()
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(folded)
    best, likeness = None, _LEAST_LIKENESS
    for word in known:
        if abs(len(word) - len(folded)) > _MAX_LONGER or not any(pair in word for pair in pairs):
            continue
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
            ratio = matcher.ratio()
            if ratio > likeness or (ratio == likeness and best is not None and word < best):
                best, likeness = word, ratio
    return best
