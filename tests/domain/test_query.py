"""The language of the search box: what each query means, what it refuses, and that it can be written down again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.domain.query import (
    MAX_CHARACTERS,
    MAX_TERMS,
    MAX_VALUES,
    AnyOf,
    Between,
    Clause,
    Field,
    Part,
    Period,
    Query,
    Term,
    Trait,
    Words,
    parse_query,
)
from sd_model_manager.domain.query_values import Age
from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.lib.errors import BadInput

GB = 1000**3


def clauses(text: str) -> list[Clause]:
    return [term.clause for term in parse_query(text).terms]


def only(text: str) -> Clause:
    (clause,) = clauses(text)
    return clause


def refusal(text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse_query(text)
    assert caught.value.error_code == "BAD_QUERY"
    return caught.value


def test_words_are_found_each_for_itself() -> None:
    assert clauses("  ink\tbrush ") == [Words("ink"), Words("brush")]
    assert parse_query(" ") == Query()


def test_a_phrase_is_found_as_it_stands() -> None:
    assert clauses('"paper lantern" ink') == [Words("paper lantern"), Words("ink")]
    assert only('"type:lora"') == Words("type:lora")
    assert only('"say ""hi"""') == Words('say "hi"')


def test_a_phrase_that_is_still_being_typed_is_searched_for_already() -> None:
    assert only('"paper lan') == Words("paper lan")
    assert parse_query('"') == Query()


def test_a_minus_rules_out() -> None:
    assert parse_query('-ink -"paper lantern" -tag:style').terms == (
        Term(Words("ink"), is_negated=True),
        Term(Words("paper lantern"), is_negated=True),
        Term(AnyOf(Field.TAG, ("style",)), is_negated=True),
    )
    assert clauses("a - b-c") == [Words("a"), Words("-"), Words("b-c")]


def test_values_behind_a_comma_are_alternatives() -> None:
    assert only("type:lora,checkpoint") == AnyOf(Field.TYPE, ("lora", "checkpoint"))
    assert only('tag:"hand drawn",ink,"a,b"') == AnyOf(Field.TAG, ("hand drawn", "ink", "a,b"))


def test_fields_and_their_words_are_known_in_any_case_and_by_their_names_in_the_api() -> None:
    assert only("TYPE:LoRA") == AnyOf(Field.TYPE, ("lora",))
    assert only("type:text-encoder") == AnyOf(Field.TYPE, ("text_encoder",))
    assert only("base_model:pony") == AnyOf(Field.BASE, ("pony",))
    assert parse_query("sort:-added_at").sort == "-added_at"


@pytest.mark.parametrize("text", ["https://civitai.com/models/1", "<lora:ink:0.8>", "1girl:1.2", "C:\\models", "(a:1)"])
def test_a_colon_that_follows_no_field_is_part_of_the_words(text: str) -> None:
    assert only(text) == Words(text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("size:>2GB", 2 * GB + 1, None),
        ("size:>=2GB", 2 * GB, None),
        ("size:<2gb", None, 2 * GB - 1),
        ("size:<=1.5GB", None, 1_500_000_000),
        ("size:>=1KiB", 1024, None),
        ("size:100MB..2GB", 100_000_000, 2 * GB),
        ("size:4096", 4096, 4096),
        ("size:=6.9GB", 6_850_000_000, 6_949_999_999),
        ("size:<99999999TB", None, 2**63 - 1),
        ('size:"<= 2 GB"', None, 2 * GB),
        ("rating:>=4", 4, None),
        ("rating:5", 5, 5),
        ("rating:2..4", 2, 4),
    ],
)
def test_numbers_are_compared(text: str, low: int | None, high: int | None) -> None:
    assert only(text) == Between(Field(text.partition(":")[0]), low, high)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("mature:r", ("r",)),
        ("nsfw:>=X", ("x", "xxx")),
        ("mature:<r", ("pg", "pg13")),
        ("mature:<=PG-13", ("pg", "pg13")),
        ("mature:>pg13", ("r", "x", "xxx")),
        ("mature:pg13..x,pg", ("pg13", "r", "x", "pg")),
    ],
)
def test_levels_of_maturity_are_compared_too(text: str, levels: tuple[str, ...]) -> None:
    assert only(text) == AnyOf(Field.MATURE, levels)
    assert parse_query(str(parse_query(text))) == parse_query(text)


@pytest.mark.parametrize("text", ["mature:>xxx", "mature:<pg", "mature:x..r", "mature:adult"])
def test_levels_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="Possible are pg, pg13, r, x, xxx"):
        parse_query(text)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("added:<30d", Age(720), None),
        ("added:2w", Age(336), None),
        ("added:>1y", None, Age(8760)),
        ("added:1m..1y", Age(8760), Age(720)),
        ("added:2026-01-31", date(2026, 1, 31), date(2026, 2, 1)),
        ("added:2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("added:2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("added:>2026-01-01", date(2026, 1, 2), None),
        ("added:>=2026", date(2026, 1, 1), None),
        ("added:<2026", None, date(2026, 1, 1)),
        ("added:<=2026", None, date(2027, 1, 1)),
        ("added:2025..2026-02", date(2025, 1, 1), date(2026, 3, 1)),
        ("added:9999-12", date(9999, 12, 1), date.max),
    ],
)
def test_times_are_ages_or_dates(text: str, since: date | Age | None, until: date | Age | None) -> None:
    assert only(text) == Period(Field.ADDED, since, until)


def test_a_favorite_can_be_asked_for_in_two_ways() -> None:
    favorite = AnyOf(Field.IS, (Trait.FAVORITE,))
    assert parse_query("is:favorite") == parse_query("favorite:yes") == Query((Term(favorite),))
    assert parse_query("favorite:no") == parse_query("-favorite:yes") == Query((Term(favorite, is_negated=True),))
    assert parse_query("-favorite:no") == parse_query("favorite:yes")


def test_an_order_is_no_term() -> None:
    assert parse_query("sort:-rating sort") == Query((Term(Words("sort")),), sort="-rating")
    assert parse_query("sort:base").sort == "base_model"
    assert parse_query("sort:-size ink") == Query((Term(Words("ink")),), sort="-size_bytes")


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("ink tpye:lora", 4, "Did you mean 'type'?"),
        ("steps:20", 0, "put it in quotes"),
        ("type:lora,chekpoint", 10, "Did you mean 'checkpoint'?"),
        ("is:dup", 3, "Did you mean 'duplicate'?"),
        ("is:nice", 3, "Possible are favorite, duplicate"),
        ("favorite:perhaps", 9, "Possible are yes, no"),
        ("tag: style", 4, "without a space"),
        ("tag:a,,b", 6, "a value is missing"),
        ('tag:"a"b', 7, "a comma or a space"),
        ("tag:'' base:-", 12, "no name"),
        ("size:big", 5, ">2GB"),
        ("size:>", 5, "is no size"),
        ("size:5GB..2GB", 5, "100MB..2GB"),
        ("size:<0", 5, "there is no size"),
        ("size:>99999999TB", 5, "there is no size"),
        ("size:99999998TB..99999999TB", 5, "there is no size"),
        ("size:>1GB..2GB", 5, "both a comparison and a range"),
        ("size:1GB,2GB", 9, "takes one value"),
        ("rating:6", 7, "from 0 to 5"),
        ("rating:4.5", 7, "is no rating"),
        ("rating:>5", 7, "there is no rating"),
        ("added:soon", 6, "<30d"),
        ("added:2026-02-30", 6, "no such day"),
        ("added:2026..2025", 6, "the earlier date"),
        ("added:1y..1m", 6, "the smaller age"),
        ("added:30d..2026", 6, "is no time"),
        ("sha256:xyz", 7, "not the beginning of a hash"),
        ("sort:-colour", 5, "Possible are name"),
        ("sort:name sort:size", 10, "stands once"),
        ("-sort:name", 0, "stands once"),
        ("ink \0", 4, "a character"),
        ("ink \ud800", 4, "a character"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_what_is_possible(
    text: str, position: int, said: str
) -> None:
    error = refusal(text)
    assert error.details["position"] == position
    assert f"at character {position + 1}" in error.message
    assert said in error.message


def test_a_query_has_an_end() -> None:
    assert refusal("a" * (MAX_CHARACTERS + 1)).details["position"] == MAX_CHARACTERS
    assert "terms" in refusal("a " * (MAX_TERMS + 1)).message
    assert "values" in refusal("tag:a" + ",a" * MAX_VALUES).message


NAMES = [*Field, "favorite", "sort", "base_model", "https", "x"]
PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in NAMES),
        "-",
        '"',
        '""',
        ",",
        " ",
        "..",
        "<",
        ">=",
        "=",
        "2GB",
        "30d",
        "2026-01",
        "ab",
        "9",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)))
def test_any_text_is_read_or_refused_with_a_place_and_what_is_read_can_be_written(text: str) -> None:
    query = read_or_check_refusal(text)
    assert query is None or parse_query(str(query)) == query


def read_or_check_refusal(text: str) -> Query | None:
    try:
        return parse_query(text)
    except BadInput as refused:
        error = refused
    assert error.error_code == "BAD_QUERY"
    assert 0 <= error.details["position"] <= len(text)
    return None


def bounds_of(lowest: int, highest: int) -> Callable[[Field], st.SearchStrategy[Between]]:
    numbers = st.integers(lowest, highest)
    pairs = st.one_of(
        st.tuples(numbers, st.none()), st.tuples(st.none(), numbers), st.tuples(numbers, numbers).map(sorted).map(tuple)
    )
    return lambda field: pairs.map(lambda pair: Between(field, *pair))


def periods() -> st.SearchStrategy[Period]:
    days = st.dates(date(1, 1, 2))
    ages = st.integers(0, 8_760_000).map(Age)
    ordered_days = st.lists(days, min_size=2, max_size=2, unique=True).map(sorted)
    ordered_ages = st.lists(ages, min_size=2, max_size=2, unique=True).map(lambda pair: sorted(pair, key=hours_of))
    fields = st.sampled_from([Field.ADDED, Field.MODIFIED])
    return st.one_of(
        st.builds(Period, fields, days | ages, st.none()),
        st.builds(Period, fields, st.none(), days | ages),
        st.builds(lambda field, pair: Period(field, pair[0], pair[1]), fields, ordered_days),
        st.builds(lambda field, pair: Period(field, pair[1], pair[0]), fields, ordered_ages),
    )


def hours_of(age: Age) -> int:
    return age.hours


def any_of(field: Field, values: st.SearchStrategy[str]) -> st.SearchStrategy[AnyOf]:
    lists = st.lists(values, min_size=1, max_size=4, unique=True)
    return lists.map(lambda chosen: AnyOf(field, tuple(str(value) for value in chosen)))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
NAMED = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
CLAUSES = st.one_of(
    TEXTS.map(Words),
    *(any_of(field, NAMED) for field in (Field.BASE, Field.TAG, Field.FOLDER, Field.CREATOR, Field.SOURCE)),
    any_of(Field.TYPE, st.sampled_from(ModelType)),
    any_of(Field.FORMAT, st.sampled_from(FileFormat)),
    any_of(Field.IS, st.sampled_from(Trait)),
    any_of(Field.HAS, st.sampled_from(Part)),
    any_of(Field.SHA256, st.text("0123456789abcdef", min_size=1, max_size=64)),
    bounds_of(0, 2**63 - 1)(Field.SIZE),
    bounds_of(0, 5)(Field.RATING),
    periods(),
)
SORTS = st.sampled_from([None, "name", "-name", "added_at", "-added_at", "size_bytes", "-modified_at"])
QUERIES = st.builds(Query, st.lists(st.builds(Term, CLAUSES, st.booleans()), max_size=6).map(tuple), SORTS)


@given(QUERIES.filter(lambda query: len(str(query)) <= MAX_CHARACTERS))
def test_a_query_that_is_written_down_reads_the_same(query: Query) -> None:
    assert parse_query(str(query)) == query
