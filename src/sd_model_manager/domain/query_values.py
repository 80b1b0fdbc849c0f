"""The values behind `field:` in a query: names, choices, sizes, stars, ages and dates."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NoReturn

from sd_model_manager.lib.codes import QueryProblem
from sd_model_manager.lib.errors import BadInput


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was typed, and the index of its first character in the query."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Age:
    """A moment so many hours before the one in which the query is asked."""

    hours: int

    def __str__(self) -> str:
        return f"{self.hours}h"


_COMPARISON = re.compile(r"(<=|>=|<|>|=)?(.+)", re.DOTALL)
_NUMBER = re.compile(r"([0-9]{1,19}(?:\.[0-9]{1,9})?) *([a-z]*)")
_AGE = re.compile(r"([0-9]{1,9}) *([hdwmy])")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
_HASH = re.compile(r"[0-9a-f]{1,64}")

_BYTES_OF_UNIT = {
    **{unit: 1000**power for power, unit in enumerate(("b", "kb", "mb", "gb", "tb"))},
    **{unit: 1024**power for power, unit in enumerate(("b", "kib", "mib", "gib", "tib"))},
    **{unit: 1000**power for power, unit in enumerate(("", "k", "m", "g", "t"))},
}
_HOURS_OF_UNIT = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_MAX_AGE_HOURS = 1000 * 365 * 24

_LIKE_NUMBER = {
    "size": "A size is written as >2GB, <=500MiB or 100MB..2GB",
    "rating": "A rating is written as 5, >=4 or 2..4, from 0 to 5",
    "rank": "A rank is written as 16, >=64 or 8..32",
}
_LIKE_TIME = "A time is written as <30d (h, d, w, m, y: less than 30 days ago), >2026-01-31, 2026-01 or 2025..2026"


def refuse(kind: QueryProblem, problem: str, position: int, **facts: str | int) -> NoReturn:
    """Raises BadInput, saying where. `facts` are what the problem names."""
    raise BadInput(
        f"The search cannot be read at character {position + 1}: {problem}.",
        code="BAD_QUERY",
        position=position,
        problem=kind,
        **facts,
    )


def refuse_word(
    kind: QueryProblem, problem: str, value: Value, possible: Sequence[str], advice: str = "", **facts: str
) -> NoReturn:
    """Raises BadInput for a word that is none of the possible ones, naming these and the one that is most alike."""
    typed = value.text.casefold()
    begun = [word for word in possible if word.startswith(typed)]
    alike = next(iter(begun or difflib.get_close_matches(typed, possible, n=1)), "")
    question = f" Did you mean '{alike}'?" if alike else ""
    listed = ", ".join(possible)
    text = f"{problem}.{question} Possible are {listed}{advice}"
    refuse(kind, text, value.position, text=value.text, possible=listed, alike=alike, **facts)


def read_choices(field: str, values: Sequence[Value], possible: Sequence[str]) -> tuple[str, ...]:
    """Words out of a list. Case does not count, and `text-encoder` is `text_encoder`."""
    return tuple(dict.fromkeys(_read_choice(field, value, possible) for value in values))


def read_one_choice(field: str, values: Sequence[Value], possible: Sequence[str]) -> str:
    return _read_choice(field, _only(field, values), possible)


def read_ranked_choices(field: str, values: Sequence[Value], possible: Sequence[str]) -> tuple[str, ...]:
    """Words out of a list that goes from the least to the most: `>=r` is all from there on, `pg..r` all between."""
    chosen: list[str] = []
    for value in values:
        operator, first, last = _split(value)
        low, high = (possible.index(_read_choice(field, replace(value, text=text), possible)) for text in (first, last))
        ranges: dict[str, Sequence[str]] = {
            "<": possible[:low],
            "<=": possible[: high + 1],
            ">": possible[low + 1 :],
            ">=": possible[low:],
            "=": possible[low : high + 1],
            "..": possible[low : high + 1],
        }
        if not ranges[operator]:
            problem = f"there is nothing that '{value.text}' means. Possible are {', '.join(possible)}"
            refuse("NOTHING_MEANT", problem, value.position, text=value.text, possible=", ".join(possible))
        chosen += map(str, ranges[operator])
    return tuple(dict.fromkeys(chosen))


def read_names(field: str, values: Sequence[Value]) -> tuple[str, ...]:
    """Names as they were typed. One of spaces alone is refused, and a base model without a letter or digit."""
    for value in values:
        is_name = any(map(str.isalnum, value.text)) if field == "base" else bool(value.text.strip())
        if not is_name:
            problem = f"'{value.text}' is no name to look for in '{field}:'"
            refuse("NO_NAME", problem, value.position, text=value.text, field=field)
    return tuple(value.text for value in values)


def read_hashes(values: Sequence[Value]) -> tuple[str, ...]:
    for value in values:
        if not _HASH.fullmatch(value.text.lower()):
            problem = f"'{value.text}' is not the beginning of a hash (up to 64 of 0-9 and a-f)"
            refuse("NO_HASH", problem, value.position, text=value.text)
    return tuple(value.text.lower() for value in values)


def read_number_bounds(field: str, values: Sequence[Value], *, highest: int) -> tuple[int | None, int | None]:
    """The lowest and the highest whole number that `>2GB` or `2..4` allows, `None` for no bound.

    What is equal to `6.9GB` is all that is shown as it: half of the last digit more or less.
    """
    value = _only(field, values)
    operator, first, last = _split(value)
    low, high = _read_number(field, first, value), _read_number(field, last, value)
    bounds: dict[str, tuple[int | None, int | None]] = {
        "<": (None, math.ceil(low.exact) - 1),
        "<=": (None, math.floor(high.exact)),
        ">": (math.floor(low.exact) + 1, None),
        ">=": (math.ceil(low.exact), None),
        "=": (low.least, low.most),
        "..": (math.ceil(low.exact), math.floor(high.exact)),
    }
    least, most = bounds[operator]
    if (least or 0) > (highest if most is None else min(most, highest)):
        problem = f"there is no {field} for '{value.text}'. {_LIKE_NUMBER[field]}"
        refuse("NO_NUMBER", problem, value.position, text=value.text, field=field)
    return least, most if most is None else min(most, highest)


def read_day_bounds(field: str, values: Sequence[Value]) -> tuple[date | Age | None, date | Age | None]:
    """From when (included) until when (excluded) `<30d` or `2026-01` goes, `None` for no bound."""
    value = _only(field, values)
    operator, first, last = _split(value)
    ages = [_find_age(text) for text in (first, last)]
    if ages[0] and ages[1]:
        return _age_bounds(value, operator, ages[0], ages[1])
    return _date_bounds(value, operator, _read_days(first, value), _read_days(last, value))


def _age_bounds(value: Value, operator: str, first: Age, last: Age) -> tuple[Age | None, Age | None]:
    if operator == "..":
        if first.hours >= last.hours:
            problem = f"'{value.text}' holds no moment: the smaller age comes first"
            refuse("NO_TIME", problem, value.position, text=value.text)
        return last, first
    return (None, first) if operator in {">", ">="} else (first, None)


def _date_bounds(
    value: Value, operator: str, first: tuple[date, date], last: tuple[date, date]
) -> tuple[date | None, date | None]:
    bounds: dict[str, tuple[date | None, date | None]] = {
        "<": (None, first[0]),
        "<=": (None, first[1]),
        ">": (first[1], None),
        ">=": (first[0], None),
        "=": first,
        "..": (first[0], last[1]),
    }
    since, until = bounds[operator]
    if since and until and since >= until:
        problem = f"'{value.text}' holds no day: the earlier date comes first"
        refuse("NO_TIME", problem, value.position, text=value.text)
    return since, until


def _find_age(text: str) -> Age | None:
    found = _AGE.fullmatch(text.strip().lower())
    return Age(min(int(found[1]) * _HOURS_OF_UNIT[found[2]], _MAX_AGE_HOURS)) if found else None


def _read_days(text: str, value: Value) -> tuple[date, date]:
    """The first day of a year, a month or a day, and the one that follows it."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        refuse("NO_TIME", f"'{value.text}' is no time. {_LIKE_TIME}", value.position, text=value.text)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        refuse("NO_TIME", f"there is no such day as '{text}'. {_LIKE_TIME}", value.position, text=text)
    return first, _following(first, has_month=month is not None, has_day=day is not None)


def _following(first: date, *, has_month: bool, has_day: bool) -> date:
    try:
        if has_day:
            return first + timedelta(days=1)
        is_last_month = first.month == 12 or not has_month
        return date(first.year + 1, 1, 1) if is_last_month else date(first.year, first.month + 1, 1)
    except (ValueError, OverflowError):
        return date.max  # the calendar ends there


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was written, with the step of its last digit: `6.9GB` is 6.9e9 in steps of 1e8."""

    exact: Fraction
    step: Fraction

    @property
    def least(self) -> int:
        """The lowest whole number that is shown as it."""
        return max(0, math.ceil(self.exact - self.step / 2))

    @property
    def most(self) -> int:
        return max(self.least, math.ceil(self.exact + self.step / 2) - 1)


def _read_number(field: str, text: str, value: Value) -> _Number:
    found = _NUMBER.fullmatch(text.strip().lower())
    unit = found[2] if found else "?"
    is_known = unit in _BYTES_OF_UNIT if field == "size" else unit == "" and "." not in text
    if not found or not is_known:
        problem = f"'{value.text}' is no {field}. {_LIKE_NUMBER[field]}"
        refuse("NO_NUMBER", problem, value.position, text=value.text, field=field)
    scale = Fraction(_BYTES_OF_UNIT[unit])
    decimals = len(found[1].partition(".")[2])
    return _Number(Fraction(found[1]) * scale, scale / 10**decimals)


def _split(value: Value) -> tuple[str, str, str]:
    """The operator with one or two operands: `>2GB` is `>`, `2GB`, `2GB`; `1..3` is `..`, `1`, `3`."""
    found = _COMPARISON.fullmatch(value.text)
    assert found  # a value has at least one character
    first, dots, last = found[2].partition("..")
    if dots and found[1]:
        problem = f"'{value.text}' is both a comparison and a range. Leave '{found[1]}' out"
        refuse("BOTH", problem, value.position, text=value.text, sign=found[1])
    return (dots, first, last) if dots else (found[1] or "=", first, first)


def _only(field: str, values: Sequence[Value]) -> Value:
    if len(values) > 1:
        refuse("ONE_VALUE", f"'{field}:' takes one value; a range is written 1..3", values[1].position, field=field)
    return values[0]


def _read_choice(field: str, value: Value, possible: Sequence[str]) -> str:
    typed = value.text.casefold()
    for spelling in (typed, typed.replace("-", "_").replace(" ", "_"), typed.replace("-", "")):
        if spelling in possible:
            return str(spelling)
    refuse_word("UNKNOWN_VALUE", f"'{value.text}' is not known to '{field}:'", value, possible, field=field)
