"""What a user types to find models, such as `ink -style type:lora size:>100MB`: its meaning, and how it is written.

    query  = { term }                         separated by spaces; a model has to match them all
    term   = ["-"] ( words | field ":" values )
    words  = any text without spaces, or a "quoted phrase"
    values = value { "," value }              any of them; a value with spaces or commas is quoted

`docs/search.md` lists the fields. `parse_query` reads a text; `str(query)` writes one that reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

from sd_model_manager.domain.maturity import MatureLevel
from sd_model_manager.domain.query_values import (
    Age,
    Value,
    read_choices,
    read_day_bounds,
    read_hashes,
    read_names,
    read_number_bounds,
    read_one_choice,
    read_ranked_choices,
    refuse,
    refuse_word,
)
from sd_model_manager.domain.taxonomy import FileFormat, ModelType

MAX_CHARACTERS = 1000
MAX_TERMS = 50
MAX_VALUES = 50


class Field(StrEnum):
    """What a term can ask about, beside the text of a model."""

    TYPE = "type"
    BASE = "base"
    TAG = "tag"
    FOLDER = "folder"
    FORMAT = "format"
    PRECISION = "precision"
    CREATOR = "creator"
    SOURCE = "source"
    SHA256 = "sha256"
    IS = "is"
    HAS = "has"
    SIZE = "size"
    RATING = "rating"
    RANK = "rank"
    NETWORK = "network"
    COLLECTION = "collection"
    ADDED = "added"
    MODIFIED = "modified"
    MATURE = "mature"


class Trait(StrEnum):
    """What a model can be: the values of `is:`."""

    FAVORITE = "favorite"
    DUPLICATE = "duplicate"
    PRESENT = "present"
    MISSING = "missing"
    OFFLINE = "offline"
    ACTIVE = "active"
    ARCHIVED = "archived"
    UNMATCHED = "unmatched"
    NOT_FOUND = "not_found"
    MISPLACED = "misplaced"
    HASHED = "hashed"
    BROKEN = "broken"


class Part(StrEnum):
    """What a model can have: the values of `has:`."""

    PREVIEW = "preview"
    TRIGGER = "trigger"
    NOTES = "notes"
    RATING = "rating"
    TAG = "tag"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be found, in any case, in the names, trigger words, tags, notes, creator and
    descriptions of a model."""

    text: str

    def __str__(self) -> str:
        return _quote(self.text) if self.text.startswith("-") or ":" in self.text else _quote_if_needed(self.text)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field has one of the values."""

    field: Field
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}:{','.join(map(quote_value, self.values))}"


@dataclass(frozen=True, slots=True)
class Between:
    """The field lies between two whole numbers, both included: bytes of a size, stars, a rank. `None` is no bound."""

    field: Field
    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.low is None:
            return f"{self.field}:<={self.high}"
        return f"{self.field}:>={self.low}" if self.high is None else f"{self.field}:{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class Period:
    """The field lies at `since` or later, and before `until`. A date is its first moment in UTC, `None` no bound."""

    field: Field
    since: date | Age | None
    until: date | Age | None

    def __str__(self) -> str:
        return f"{self.field}:{self._bounds()}"

    def _bounds(self) -> str:
        since, until = self.since, self.until
        if isinstance(since, Age):
            return f"{until}..{since}" if until else f"<{since}"
        if isinstance(until, Age):
            return f">{until}"
        if since is None or until is None:
            return f">={since}" if since else f"<{until}"
        return f"{since}..{until - timedelta(days=1)}"


Clause = Words | AnyOf | Between | Period


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked of a model, or ruled out."""

    clause: Clause
    is_negated: bool = False

    def __str__(self) -> str:
        return f"-{self.clause}" if self.is_negated else str(self.clause)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that all have to hold. `sort` is an order of the API such as `-added_at`, `None` where none is given."""

    terms: tuple[Term, ...] = ()
    sort: str | None = None

    def __str__(self) -> str:
        order = [f"sort:{_show_sort(self.sort)}"] if self.sort else []
        return " ".join([*map(str, self.terms), *order])


def parse_query(text: str) -> Query:
    """Read what a user typed.

    Raises:
        BadInput: a field, a value or a character that cannot be searched for; `code` is `BAD_QUERY`, and
            `details["position"]` is where, counted from 0.
    """
    _refuse_text(text)
    scanner = _Scanner(text)
    terms: list[Term] = []
    sort: str | None = None
    while scanner.skip_spaces():
        start = scanner.at
        is_negated = scanner.take_minus()
        name = scanner.take_field_name()
        if name == _SORT:
            if is_negated or sort:
                refuse(
                    "SORT_TWICE", "'sort:' stands once and without '-' before it; 'sort:-added' is descending", start
                )
            sort = _read_sort(scanner.take_values())
        elif term := _read_term(scanner, name, is_negated=is_negated):
            terms.append(term)
        if len(terms) > MAX_TERMS:
            refuse("TOO_MANY_TERMS", f"more than {MAX_TERMS} terms. Leave some out", start, limit=MAX_TERMS)
    return Query(tuple(terms), sort)


_SORT = "sort"
_FAVORITE = "favorite"
_SORTS = {
    "name": "name",
    "added": "added_at",
    "size": "size_bytes",
    "modified": "modified_at",
    "rating": "rating",
    "type": "type",
    "base": "base_model",
}
_OTHER_SPELLINGS = {
    "base_model": Field.BASE,
    "hash": Field.SHA256,
    "favourite": _FAVORITE,
    "nsfw": Field.MATURE,
    **{f"{name}_at": name for name in (Field.ADDED, Field.MODIFIED)},
}
FIELD_NAMES = (*map(str, Field), _FAVORITE, _SORT)
"""What can stand before a colon, beside other spellings."""
_CHOICES: dict[str, tuple[str, ...]] = {
    Field.TYPE: tuple(ModelType),
    Field.FORMAT: tuple(FileFormat),
    Field.IS: tuple(Trait),
    Field.HAS: tuple(Part),
    Field.MATURE: tuple(MatureLevel),
}
_HIGHEST = {Field.SIZE: 2**63 - 1, Field.RANK: 2**31 - 1, Field.RATING: 5}


def choices_of(name: str) -> tuple[str, ...]:
    """The values a field knows, as they are typed; empty where there are others too."""
    orders = tuple(sign + order for order in _SORTS for sign in ("", "-"))
    others = {_FAVORITE: ("yes", "no"), _SORT: orders}
    return others.get(name) or tuple(map(str, _CHOICES.get(name, ())))


def quote_value(text: str) -> str:
    """A value as it stands behind `field:`."""
    return _quote(text) if "," in text else _quote_if_needed(text)


class _Scanner:
    """Walks over a text; `at` is the character it stands on."""

    _NAME = re.compile(r"(\w+):")
    _WORD = re.compile(r"\S+")
    _VALUE = re.compile(r"[^\s,]*")
    _MINUS = re.compile(r"-(?=\S)")
    _QUOTED = re.compile(r'"((?:[^"]|"")*)"?')

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def skip_spaces(self) -> bool:
        """Returns whether anything follows."""
        while self._is_at_space():
            self.at += 1
        return self.at < len(self._text)

    def take_minus(self) -> bool:
        """A minus sign that something follows; one alone is a word."""
        found = self._MINUS.match(self._text, self.at)
        self.at += len(found[0]) if found else 0
        return found is not None

    def take_field_name(self) -> str | None:
        """The field a term asks about, `None` where it is plain text that may hold a colon."""
        found = self._NAME.match(self._text, self.at)
        if found is None:
            return None
        name = found[1].lower()
        name = _OTHER_SPELLINGS.get(name, name)
        if name not in FIELD_NAMES:
            is_address = self._text.startswith(("/", "\\"), found.end())
            if name.isalpha() and not is_address:
                _refuse_name(found[1], self.at)
            return None
        self.at = found.end()
        return name

    def take_words(self) -> str:
        return self._take_quoted() if self._text[self.at] == '"' else self._take(self._WORD)

    def take_values(self) -> list[Value]:
        values = [self._take_value()]
        while self._text.startswith(",", self.at):
            self.at += 1
            values.append(self._take_value())
        if self.at < len(self._text) and not self._is_at_space():
            refuse("NO_SEPARATOR", "behind a quoted value a comma or a space is missing", self.at)
        if len(values) > MAX_VALUES:
            problem = f"more than {MAX_VALUES} values. Leave some out"
            refuse("TOO_MANY_VALUES", problem, values[0].position, limit=MAX_VALUES)
        return values

    def _take_value(self) -> Value:
        start = self.at
        text = self._take_quoted() if self._text.startswith('"', start) else self._take(self._VALUE)
        if not text:
            refuse("NO_VALUE", "a value is missing. It follows ':' or ',' without a space", start)
        return Value(text, start)

    def _take_quoted(self) -> str:
        """A phrase, where two quotes stand for one. A phrase that is not closed goes on to the end."""
        found = self._QUOTED.match(self._text, self.at)
        assert found
        self.at = found.end()
        return found[1].replace('""', '"')

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self.at)
        assert found
        self.at = found.end()
        return found[0]

    def _is_at_space(self) -> bool:
        return self._text[self.at : self.at + 1].isspace()


def _read_term(scanner: _Scanner, name: str | None, *, is_negated: bool) -> Term | None:
    """`None` for an empty phrase, which asks for nothing."""
    if name is None:
        words = scanner.take_words()
        return Term(Words(words), is_negated) if words else None
    values = scanner.take_values()
    if name == _FAVORITE:
        is_wanted = read_one_choice(name, values, ("yes", "no")) == "yes"
        return Term(AnyOf(Field.IS, (Trait.FAVORITE,)), is_negated == is_wanted)
    return Term(_read_clause(Field(name), values), is_negated)


def _read_clause(field: Field, values: Sequence[Value]) -> Clause:
    if field is Field.MATURE:
        return AnyOf(field, read_ranked_choices(field, values, _CHOICES[field]))
    if field in _CHOICES:
        return AnyOf(field, read_choices(field, values, _CHOICES[field]))
    if field is Field.SHA256:
        return AnyOf(field, read_hashes(values))
    if field in _HIGHEST:
        return Between(field, *read_number_bounds(field, values, highest=_HIGHEST[field]))
    if field in (Field.ADDED, Field.MODIFIED):
        return Period(field, *read_day_bounds(field, values))
    return AnyOf(field, read_names(field, values))


def _read_sort(values: Sequence[Value]) -> str:
    names = tuple(sign + name for name in (*_SORTS, *_SORTS.values()) for sign in ("", "-"))
    chosen = read_one_choice(_SORT, values, tuple(dict.fromkeys(names)))
    name = chosen.removeprefix("-")
    return chosen.replace(name, _SORTS.get(name, name))


def _show_sort(sort: str) -> str:
    shown = {column: name for name, column in _SORTS.items()}
    name = sort.removeprefix("-")
    return sort.replace(name, shown[name])


def _refuse_text(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        problem = f"it is longer than {MAX_CHARACTERS} characters. Leave some words out"
        refuse("TOO_LONG", problem, MAX_CHARACTERS, limit=MAX_CHARACTERS)
    if unwritable := re.search(r"[\0\ud800-\udfff]", text):
        refuse("BAD_CHARACTER", "there is a character that no name can hold. Take it out", unwritable.start())


def _refuse_name(name: str, position: int) -> NoReturn:
    advice = ". To look for the text as it stands, put it in quotes"
    refuse_word("UNKNOWN_FIELD", f"there is no field '{name}'", Value(name, position), sorted(FIELD_NAMES), advice)


def _quote_if_needed(text: str) -> str:
    return _quote(text) if text.startswith('"') or re.search(r"\s", text) else text


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
