"""Search keys of names: every reading of a surname, and names that are not read at all."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.pinyin import MOST_READINGS, keys_of, plain

SURNAMES = [
    ("曾", "zeng", "ceng"),
    ("单", "shan", "dan"),
    ("仇", "qiu", "chou"),
    ("解", "xie", "jie"),
    ("翟", "zhai", "di"),
    ("查", "zha", "cha"),
    ("区", "ou", "qu"),
    ("朴", "piao", "pu"),
    ("缪", "miao", "mou"),
    ("员", "yun", "yuan"),
    ("召", "shao", "zhao"),
    ("祭", "zhai", "ji"),
    ("盖", "ge", "gai"),
    ("覃", "qin", "tan"),
]
"""Surnames that are read otherwise than the character usually is: the surname's reading, the usual one."""


@pytest.mark.parametrize(("surname", "as_surname", "usual"), SURNAMES)
def test_both_readings_are_keys_when_a_surname_has_two(surname: str, as_surname: str, usual: str) -> None:
    """Whoever knows the family and whoever only knows the character find the same person."""
    keys = keys_of(f"{surname}小华")
    for reading in (as_surname, usual):
        assert {f"{reading}xiaohua", f"{reading[0]}xh", f"{reading}xh"} <= set(keys)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("欧阳修文", {"ouyangxiuwen", "oyxw", "ouyangxw"}),
        ("尉迟恭", {"yuchigong", "ycg", "weichigong", "wcg"}),
        ("万俟明", {"moqiming", "mqm"}),
        ("司马光", {"simaguang", "smg"}),
        ("诸葛亮", {"zhugeliang", "zgl"}),
    ],
)
def test_compound_surname_is_spelled_out_when_it_has_two_characters(name: str, expected: set[str]) -> None:
    """Both characters count, with the reading they have together too."""
    assert expected <= set(keys_of(name))


def test_usual_reading_comes_first_when_a_character_has_several() -> None:
    """The position of a key says how usual it is; the first is the name itself."""
    assert keys_of("王乐")[:3] == ("王乐", "wangle", "wl")
    assert "wy" in keys_of("王乐")[3:]


def test_parts_have_keys_of_their_own_when_a_name_has_a_dot() -> None:
    """People are called by either part, and nobody types the dot."""
    keys = keys_of("阿依古丽·买买提")
    assert keys[0] == "阿依古丽买买提"
    assert {"ayglmmt", "ayigulimaimaiti", "mmt", "maimaiti"} <= set(keys)


def test_name_is_found_by_what_is_known_when_a_character_has_no_reading() -> None:
    """A character outside of every dictionary stands for itself and is left out as well."""
    keys = keys_of("王𠮷明")
    assert {"王𠮷明", "wm", "wangming", "w𠮷m"} <= set(keys)
    assert keys_of("𠮷") == ("𠮷",)


def test_letters_are_words_when_a_name_has_them() -> None:
    """Capitals and spaces make no difference."""
    assert {"liming", "lm"} <= set(keys_of("Li Ming"))


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("Ｗang ", "wang"),
        ("wáng", "wang"),
        ("lǚ", "lv"),
        ("LÜ", "lv"),
        ("阿依·买", "阿依买"),
        ("xi'an", "xian"),
        ("·", ""),
    ],
)
def test_what_was_typed_is_made_plain_when_it_is_compared(typed: str, compared: str) -> None:
    """Full width, tones, capitals, dots and apostrophes are ways of typing."""
    assert plain(typed) == compared


@given(st.text(max_size=30))
def test_keys_are_few_and_plain_when_a_name_is_anything(name: str) -> None:
    """No name breaks the import of a roster or fills the table."""
    keys = keys_of(name)
    assert len(keys) <= 1 + 8 * MOST_READINGS * max(1, len(name))
    assert len(set(keys)) == len(keys)
    assert all(key and key == key.strip() for key in keys)


def test_program_answers_a_list_when_it_is_run_by_itself() -> None:
    """The desk asks it over a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "db.pinyin"], input=json.dumps(["王明", "·"]), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [list(keys_of("王明")), []]
