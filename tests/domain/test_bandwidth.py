"""A limit for each time of the week, written in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.bandwidth import find_limit, parse_schedule

OFFICE = "Mon-Fri 08:00-18:00=2MB; 22:00-07:00=0"
BERLIN = ZoneInfo("Europe/Berlin")


def limit_at(schedule: str, day_and_time: str) -> int | None:
    """On a day of the week that began on Monday, 5 January 2026."""
    day, _, clock = day_and_time.partition(" ")
    date = datetime(2026, 1, 5 + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day), tzinfo=UTC)
    hour, minute = clock.split(":")
    return find_limit(parse_schedule(schedule), 777, date.replace(hour=int(hour), minute=int(minute)))


@pytest.mark.parametrize(
    ("moment", "limit"),
    [
        ("Mon 08:00", 2_000_000),
        ("Fri 17:59", 2_000_000),
        ("Fri 18:00", 777),
        ("Sat 12:00", 777),
        ("Sat 22:00", None),
        ("Mon 06:59", None),
        ("Mon 07:00", 777),
    ],
)
def test_the_first_entry_that_fits_counts_and_else_the_usual_limit(moment: str, limit: int | None) -> None:
    assert limit_at(OFFICE, moment) == limit


@pytest.mark.parametrize(
    ("moment", "is_limited"), [("Fri 21:59", False), ("Fri 22:00", True), ("Sat 01:59", True), ("Sun 01:00", False)]
)
def test_a_span_over_midnight_belongs_to_the_day_it_begins_on(moment: str, is_limited: bool) -> None:
    assert (limit_at("Fri 22:00-02:00=1", moment) == 1) is is_limited


@pytest.mark.parametrize("days", ["Sat-Mon", "sat,sun,monday", "Mon, Sat-Sun"])
def test_days_are_ranges_and_lists_also_over_the_end_of_the_week(days: str) -> None:
    limited = [
        day for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") if limit_at(f"{days}=1", f"{day} 9:00") == 1
    ]
    assert limited == ["Mon", "Sat", "Sun"]


@pytest.mark.parametrize(
    ("amount", "bytes_per_second"),
    [("5", 5), ("1KB", 1000), ("1 KiB", 1024), ("1.5MB/s", 1_500_000), ("2gib", 2**31), ("0", None), ("0MB", None)],
)
def test_amounts_have_units(amount: str, bytes_per_second: int | None) -> None:
    assert limit_at(f"Mon={amount}", "Mon 12:00") == bytes_per_second


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2MB", "does not say when"),
        ("=2MB", "does not say when"),
        ("Mon-Fri 08:00-18:00", "does not say when"),
        ("Mon-Fry 08:00-18:00=1", "'fry' is no day"),
        ("25:00-26:00=1", "from 00:00 to 24:00"),
        ("08:60-09:00=1", "from 00:00 to 24:00"),
        ("08:00-08:00=1", "begins and ends at once"),
        ("8:00=1", "times are written as"),
        ("08:00-18:00 Mon=1", "nothing may follow"),
        ("Mon=fast", "'fast' is no amount"),
        ("Mon=-1", "'-1' is no amount"),
        ("Mon=1e9", "is no amount"),
    ],
)
def test_what_cannot_be_read_is_named_with_how_to_write_it(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_schedule(f"22:00-07:00=0; {text}")


def test_nights_on_which_clocks_are_changed_have_their_entries() -> None:
    entries = parse_schedule("02:00-03:00=1; 03:00-04:00=3")
    begin = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 02:00 in Berlin, which comes twice that night
    hours = [(begin + timedelta(hours=hour)).astimezone(BERLIN) for hour in range(3)]
    assert [find_limit(entries, 0, hour) for hour in hours] == [1, 1, 3]
    begin = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)  # 01:59, the minute before 03:00
    minutes = [(begin + timedelta(minutes=minute)).astimezone(BERLIN) for minute in range(2)]
    assert [find_limit(entries, 0, minute) for minute in minutes] == [None, 3]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        entries = parse_schedule(text)
    except ValueError:
        return
    assert all(entry.bytes_per_second >= 0 and entry.days for entry in entries)


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001 - a wall clock's
)
def test_every_moment_is_within_an_entry_or_its_opposite(
    days: set[int], begins: int, ends: int, moment: datetime
) -> None:
    if begins == ends:
        return
    names = ",".join(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day] for day in days)
    span = f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"
    (entry,) = parse_schedule(f"{names} {span}=1")
    minute = 60 * moment.hour + moment.minute
    began = moment if begins < ends or minute >= begins else moment - timedelta(days=1)
    is_in_span = begins <= minute < ends if begins < ends else minute >= begins or minute < ends
    assert entry.holds_at(moment) == (is_in_span and began.weekday() in days)
