"""An edit of a JSON text changes one value and no other character."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sd_model_manager.sidecars.json_text import find_members, set_value

SPACE = st.text(alphabet=" \t\n\r", max_size=3)
NUMBERS = st.sampled_from(
    ["1.0", "1e3", "-0", "1E+2", "0.10", "-12.50e-07", "1" * 300, "123456789012345678901234567890.5"]
)
WORDS = st.sampled_from(["true", "false", "null"])
CHARACTERS = st.sampled_from(
    ["a", "é", "灯", "\\u706f", "\\ud83c\\udfee", "\\ud800", "\\n", "\\/", '\\"', "\\\\", "}", "]", ",", ":", " ", "😀"]
)
STRINGS = st.lists(CHARACTERS, max_size=5).map(lambda parts: f'"{"".join(parts)}"')
KEYS = st.sampled_from(['"a"', '"b"', '"\\u0061"', '"ours"', '""', '"sd version"', '"灯"'])


def spell_list(draw: Callable[[Any], Any], inner: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(inner, max_size=3))
    return "[" + ",".join(draw(SPACE) + part + draw(SPACE) for part in parts) + ("]" if parts else f"{draw(SPACE)}]")


def spell_object(draw: Callable[[Any], Any], inner: st.SearchStrategy[str]) -> str:
    members = draw(st.lists(st.tuples(KEYS, inner), max_size=4))
    spelled = [f"{draw(SPACE)}{key}{draw(SPACE)}:{draw(SPACE)}{value}{draw(SPACE)}" for key, value in members]
    return "{" + ",".join(spelled) + ("}" if members else f"{draw(SPACE)}}}")


VALUES = st.recursive(
    NUMBERS | WORDS | STRINGS,
    lambda inner: st.composite(spell_list)(inner) | st.composite(spell_object)(inner),
    max_leaves=8,
)
OBJECTS = st.tuples(SPACE, st.composite(spell_object)(VALUES), SPACE).map("".join)
NEW_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def members_of(text: str) -> list[tuple[str, str]]:
    """Each key with its value, as they are spelled."""
    members, _ = find_members(text, text.index("{"))
    return [(member.key, text[member.value_start : member.value_end]) for member in members]


@given(text=OBJECTS, key=st.sampled_from(["a", "b", "ours", "", "灯"]), value=NEW_VALUES)
def test_only_the_value_that_is_set_differs(text: str, key: str, value: object) -> None:
    new = set_value(text, (key,), value)
    assert json.loads(new) == {**json.loads(text), key: value}
    before, after = members_of(text), members_of(new)
    places = [index for index, (name, _) in enumerate(before) if name == key]
    if places:
        members, _ = find_members(text, text.index("{"))
        changed = members[places[-1]]
        assert new.startswith(text[: changed.value_start])
        assert new.endswith(text[changed.value_end :])
        assert [m for i, m in enumerate(after) if i != places[-1]] == [
            m for i, m in enumerate(before) if i != places[-1]
        ]
    else:
        assert after[:-1] == before
        assert after[-1][0] == key


@given(text=OBJECTS, value=NEW_VALUES)
def test_what_is_set_in_an_object_within_leaves_its_neighbours_alone(text: str, value: object) -> None:
    known = json.loads(text).get("a")
    if known is not None and not isinstance(known, dict):
        with pytest.raises(ValueError, match="no JSON object"):
            set_value(text, ("a", "ours"), value)
        return
    new = set_value(text, ("a", "ours"), value)
    assert json.loads(new) == {**json.loads(text), "a": {**(known or {}), "ours": value}}
    assert [spelled for name, spelled in members_of(new) if name != "a"] == [
        spelled for name, spelled in members_of(text) if name != "a"
    ]


@given(text=OBJECTS, value=NEW_VALUES)
def test_an_edit_can_be_written_as_utf_8(text: str, value: object) -> None:
    set_value(text, ("ours",), value).encode()


@given(text=st.text(alphabet='{}[]",:\\ a1\n', max_size=30), value=NEW_VALUES)
def test_any_text_is_edited_or_refused(text: str, value: object) -> None:
    try:
        new = set_value(text, ("ours",), value)
    except ValueError:
        return
    assert isinstance(new, str)


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("{}", '{"new": 1}'),
        ("{ }\n", '{"new": 1}\n'),
        ('{"a": 1}', '{"a": 1, "new": 1}'),
        ('{"a":1,"b":2}', '{"a":1,"b":2,"new": 1}'),
        ('{"a": 1, "b": 2}', '{"a": 1, "b": 2, "new": 1}'),
        ('{\n    "a": 1\n}\n', '{\n    "a": 1,\n    "new": 1\n}\n'),
        ('{\r\n\t"a": 1\r\n}', '{\r\n\t"a": 1,\r\n\t"new": 1\r\n}'),
        ('{"new": 0, "new": 2.50}', '{"new": 0, "new": 1}'),
    ],
)
def test_what_is_added_is_laid_out_like_its_neighbours(text: str, edited: str) -> None:
    assert set_value(text, ("new",), 1) == edited


def test_an_added_object_is_indented_like_the_rest() -> None:
    text = '{\n  "a": {\n    "b": 1\n  }\n}'
    assert set_value(text, ("a", "c"), {"d": [1]}) == (
        '{\n  "a": {\n    "b": 1,\n    "c": {\n      "d": [\n        1\n      ]\n    }\n  }\n}'
    )


def test_letters_are_escaped_where_the_text_escapes_them() -> None:
    assert set_value('{"a": "\\u706f"}', ("b",), "灯") == '{"a": "\\u706f", "b": "\\u706f"}'
    assert set_value('{"a": "x"}', ("b",), "灯") == '{"a": "x", "b": "灯"}'
