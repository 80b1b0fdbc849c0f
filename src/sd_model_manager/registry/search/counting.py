"""Counts: what a filter could be narrowed to, and what takes the space."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sd_model_manager.domain.catalogue import Facets, ModelFilter, Share, Statistics
from sd_model_manager.domain.query import AnyOf, Field, Query, parse_query
from sd_model_manager.registry.search.columns import Ids, Mask
from sd_model_manager.registry.search.index import Search

FACET_FIELDS = ("type", "base_model", "tag", "category", "folder")
_MAX_FACET_VALUES = 200
_STATISTICS_FIELDS = ("type", "base_model", "folder", "precision", "format", "category", "state", "creator")
_MAX_SHARES = 500
_MOMENTS = ("modified_at", "added_at")
_FIRST_MODELS = np.datetime64("2015-01-01")
"""No model that anybody keeps is older."""


def count_facets(search: Search, wanted: ModelFilter) -> Facets:
    """How many models each value of each field would give, the field's own choice put aside."""
    query = replace(parse_query(wanted.text), sort=None)
    return search.remember("facets", wanted, query, lambda: _count_facets(search, wanted, query))


def _count_facets(search: Search, wanted: ModelFilter, query: Query) -> Facets:
    mask = search.match(wanted, query)
    counts = {field: _count(search, field, search.match(*without(wanted, query, field))) for field in FACET_FIELDS}
    return Facets(counts, int(mask.sum()))


def count_sizes(search: Search, wanted: ModelFilter) -> Statistics:
    """Sizes are of all copies that are not missing."""
    columns = search.columns
    rows = np.flatnonzero(search.match(wanted))
    copies = np.maximum(columns.numbers["copies"], 0)
    sizes = columns.numbers["size_bytes"] * copies
    shares = {}
    for field in _STATISTICS_FIELDS:
        counted, added_up = columns.words[field].count(rows), columns.words[field].add_up(rows, sizes)
        values = (Share(value, count, added_up[value]) for value, count in counted.items())
        shares[field] = tuple(sorted(values, key=lambda share: (-share.size_bytes, -share.count))[:_MAX_SHARES])
    total = int(sizes[rows].sum())
    further = columns.numbers["size_bytes"][rows] * np.maximum(copies[rows] - 1, 0)
    return Statistics(Share(None, len(rows), total), int(further.sum()), shares, _growth(search, rows, sizes))


def without(wanted: ModelFilter, query: Query, field: str) -> tuple[ModelFilter, Query]:
    """The filter and query a facet is counted in: all but its own choice, so that the alternatives show what they
    would give."""
    empty: dict[str, ModelFilter] = {
        "type": replace(wanted, types=()),
        "base_model": replace(wanted, base_models=()),
        "tag": replace(wanted, tags=()),
        "category": replace(wanted, category=None),
        "folder": replace(wanted, folder=None),
    }
    own = {"type": Field.TYPE, "base_model": Field.BASE, "folder": Field.FOLDER}.get(field)
    terms = (t for t in query.terms if t.is_negated or not isinstance(t.clause, AnyOf) or t.clause.field is not own)
    return empty[field], replace(query, terms=tuple(terms))


def _count(search: Search, field: str, mask: Mask) -> tuple[tuple[str | None, int], ...]:
    if field == "tag":
        return tuple(search.columns.tags.count_most(mask, _MAX_FACET_VALUES))
    return tuple(search.columns.words[field].count_most(np.flatnonzero(mask), _MAX_FACET_VALUES))


def _growth(search: Search, rows: Ids, sizes: Ids) -> tuple[Share, ...]:
    """By the dates of the files: a first scan finds all on one day. Where one cannot be, as in what was unpacked
    without dates, the file came when it was found."""
    modified, added = (search.columns.numbers[name][rows].astype("datetime64[us]") for name in _MOMENTS)
    months = np.where((modified < _FIRST_MODELS) | (modified > added), added, modified).astype("datetime64[M]")
    names, place = np.unique(months, return_inverse=True)
    counts, bytes_ = np.bincount(place), np.bincount(place, sizes[rows])
    return tuple(Share(str(name), int(n), int(b)) for name, n, b in zip(names, counts, bytes_, strict=True))
