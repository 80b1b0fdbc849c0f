"""When downloads may take how much of the line, as a user writes it: `Mon-Fri 08:00-18:00=2MB; 22:00-07:00=0`.

    schedule = [ entry { ";" entry } ]             the first that fits the moment counts
    entry    = [ days " " ] [ span ] "=" amount    one of days and span at least
    days     = day [ "-" day ] { "," day [ "-" day ] }
    span     = HH:MM "-" HH:MM                     up to 24:00; over midnight it belongs to the day it begins on
    amount   = number [ B | KB | MB | GB | KiB | MiB | GiB ]    bytes per second, 0 for no limit

Times are those a clock on the wall shows. Nothing is added to or taken from them, so that a day on which clocks are
changed has its entries as any other: an hour that comes twice is limited twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([KMG]?i?B)?(?:/s)?", re.IGNORECASE)
_DAY_MINUTES = 24 * 60
_EXAMPLE = "Mon-Fri 08:00-18:00=2MB"


@dataclass(frozen=True, slots=True)
class Entry:
    """A limit for some time of some days. `days` counts from Monday, 0; times are minutes of the day."""

    days: frozenset[int]
    begins: int
    ends: int
    bytes_per_second: int

    def holds_at(self, moment: datetime) -> bool:
        """`moment` is in local time."""
        minute, day = _minute_of(moment.time()), moment.weekday()
        if self.begins < self.ends:
            return day in self.days and self.begins <= minute < self.ends
        began_today = day in self.days and minute >= self.begins
        return began_today or ((day - 1) % 7 in self.days and minute < self.ends)


@lru_cache(maxsize=16)
def parse_schedule(text: str) -> tuple[Entry, ...]:
    """Raises ValueError that says which entry cannot be read, why, and how one is written."""
    return tuple(_parse_entry(part.strip()) for part in text.split(";") if part.strip())


def find_limit(entries: tuple[Entry, ...], otherwise: int, moment: datetime) -> int | None:
    """Bytes per second at a moment of local time, `None` for no limit: the first entry that holds, or `otherwise`."""
    limit = next((entry.bytes_per_second for entry in entries if entry.holds_at(moment)), otherwise)
    return limit or None


def check_schedule(text: str) -> str:
    """The text, where it can be read. Raises ValueError."""
    parse_schedule(text)
    return text.strip()


def _parse_entry(text: str) -> Entry:
    when, equals, amount = (part.strip() for part in text.partition("="))
    if not equals or not when:
        raise ValueError(f"'{text}' does not say when and how much; write for example '{_EXAMPLE}'")
    span = _SPAN.search(when)
    days = (when[: span.start()] if span else when).strip()
    if span and when[span.end() :].strip():
        raise ValueError(f"'{text}': nothing may follow the times before '='; write for example '{_EXAMPLE}'")
    if not span and ":" in when:
        raise ValueError(f"'{text}': times are written as 08:00-18:00")
    begins, ends = _parse_span(span, text) if span else (0, _DAY_MINUTES)
    return Entry(_parse_days(days, text), begins, ends, _parse_amount(amount, text))


def _parse_span(span: re.Match[str], text: str) -> tuple[int, int]:
    hours_and_minutes = [int(number) for number in span.groups()]
    begins, ends = (60 * hour + minute for hour, minute in (hours_and_minutes[:2], hours_and_minutes[2:]))
    if any(minute > 59 for minute in hours_and_minutes[1::2]) or begins >= _DAY_MINUTES or ends > _DAY_MINUTES:
        raise ValueError(f"'{text}': times go from 00:00 to 24:00")
    if begins == ends:
        raise ValueError(f"'{text}' begins and ends at once; leave the times out where the whole day is meant")
    return begins, ends


def _parse_days(text: str, entry: str) -> frozenset[int]:
    if not text:
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.lower().split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        begins, ends = _parse_day(first, entry), _parse_day(last or first, entry)
        days.update((begins + step) % 7 for step in range((ends - begins) % 7 + 1))
    return frozenset(days)


def _parse_day(word: str, entry: str) -> int:
    if not any(name.startswith(word) for name in _DAY_NAMES) or len(word) < 3:
        raise ValueError(f"'{entry}': '{word}' is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun")
    return _DAYS.index(word[:3])


def _parse_amount(text: str, entry: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{entry}': '{text}' is no amount; write bytes per second, such as 500KB or 2MB, or 0")
    return round(float(match[1]) * _UNITS[(match[2] or "").lower()])


def _minute_of(moment: time) -> int:
    return 60 * moment.hour + moment.minute
