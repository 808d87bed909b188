"""Finding people: by place, by name, by pinyin, told apart from namesakes."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.engine import transaction
from db.facts.people import PersonRenamed
from db.pinyin import keys_of
from kiosk.domain import find
from kiosk.domain.find import (
    Found,
    find_typed,
    groups,
    people_of,
    refresh_name_keys,
    search_people,
)
from kiosk.domain.people import merge_household
from kiosk.errors import Refused, TryAgain
from tests.kiosk.domain.office import Office, office_in

if TYPE_CHECKING:
    from db.store import Store


class Roster(Office):
    """Households in three groups, two of whom share a name, and people of all kinds of names."""

    def __init__(self, folder: Path) -> None:
        """Register them."""
        super().__init__(folder)
        self.zeng = self.household(3, 1, "曾志伟")
        self.other_wang = self.household(5, 7, "王明")
        self.qin = self.household(31, 2, "覃小华")
        self.aygul = self.household(5, 8, "阿依古丽·买买提")
        self.wang_ming = self.person(self.wang, "王明", 1961)
        self.chen_fang = self.person(self.wang, "陈芳", 1990)
        self.young_wang = self.person(self.other_wang, "王明", 1998)
        self.ji = self.person(self.other_wang, "王小𠮷", 2001)

    def make_keys(self) -> int:
        """Make the search keys without a program of its own."""
        return refresh_name_keys(self.store, made_here)

    def found(self, typed: str, most: int = find.MOST) -> list[tuple[str, int, int]]:
        """Name and place of whoever is found."""
        self.make_keys()
        return [(each.name, each.group, each.house) for each in search_people(self.store, typed, most)]


def made_here(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Keys without a program of its own."""
    return [keys_of(name) for name in names]


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """A roster nobody has searched yet."""
    return office_in(tmp_path / "desk", Roster)


def test_groups_are_listed_when_they_have_households(roster: Roster) -> None:
    """By their numbers."""
    assert groups(roster.store) == (3, 5, 31)


def test_people_are_listed_when_a_household_is_open(roster: Roster) -> None:
    """In the order in which they were registered, with the year of birth."""
    assert [(each.person_id, each.birth_year) for each in people_of(roster.store, roster.wang)] == [
        (roster.wang_ming, 1961),
        (roster.chen_fang, 1990),
    ]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("3.12", [(3, 12)]),
        ("312", [(3, 12), (31, 2)]),
        ("31.2", [(31, 2)]),
        ("57", [(5, 7)]),
        ("3.", [(3, 1), (3, 12), (3, 13)]),
        ("5", [(5, 7), (5, 8)]),
        ("31", [(3, 1)]),
        (" 5.8 ", [(5, 8)]),
    ],
)
def test_digits_are_a_place_when_typed(roster: Roster, typed: str, places: list[tuple[int, int]]) -> None:
    """With a point one place; without one every household the digits can mean, never silently one of two."""
    assert [(each.group, each.house) for each in find_typed(roster.store, typed)] == places


@pytest.mark.parametrize("typed", ["9", "9.9", "3.99", ".", ".5", "3.1.2", "300", "302", "99999999999999"])
def test_digits_are_refused_when_no_household_is_meant(roster: Roster, typed: str) -> None:
    """Nothing near is offered in its stead: another household would pay."""
    with pytest.raises(Refused) as refused:
        find_typed(roster.store, typed)
    assert refused.value.code == "place_empty"


@pytest.mark.parametrize("typed", ["陈芳", "芳", "cf", "chenf", "chenfang", "CF", "chén fāng"])
def test_person_is_found_when_part_of_the_name_is_typed(roster: Roster, typed: str) -> None:
    """Characters, initials, pinyin, or pinyin with initials."""
    assert roster.found(typed) == [("陈芳", 3, 12)]


def test_homonyms_are_told_apart_when_both_are_found(roster: Roster) -> None:
    """Place and year of birth stand beside the name; a head is there once, as the person."""
    roster.make_keys()
    assert [(each.person_id, each.group, each.birth_year) for each in search_people(roster.store, "wm")] == [
        (roster.wang_ming, 3, 1961),
        (roster.young_wang, 5, 1998),
    ]


def test_head_is_found_as_household_when_nobody_registered_the_person(roster: Roster) -> None:
    """The book of households comes first in most villages, persons later."""
    roster.make_keys()
    assert search_people(roster.store, "zzw") == (Found(roster.zeng, None, "曾志伟", 3, 1, None),)
    assert search_people(roster.store, "czw") == search_people(roster.store, "zzw")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("qxh", "覃小华"),
        ("txh", "覃小华"),
        ("aygl", "阿依古丽·买买提"),
        ("mmt", "阿依古丽·买买提"),
        ("丽买", "阿依古丽·买买提"),
    ],
)
def test_rare_names_are_found_when_typed_as_people_call_them(roster: Roster, typed: str, name: str) -> None:
    """Every reading of the surname; either part of a name with a dot; the dot itself left out."""
    assert [found[0] for found in roster.found(typed)] == [name]


@pytest.mark.parametrize("typed", ["wx", "王小𠮷", "𠮷", "wangx"])
def test_name_is_found_when_a_character_has_no_reading(roster: Roster, typed: str) -> None:
    """Four-byte characters are found by themselves and by what stands around them."""
    assert roster.found(typed) == [("王小𠮷", 5, 7)]


def test_whole_initials_come_first_when_others_begin_so(roster: Roster) -> None:
    """Who typed all initials of a name does not look through longer names."""
    roster.person(roster.zeng, "王敏丽")
    assert [found[0] for found in roster.found("wm")] == ["王明", "王明", "王敏丽"]
    assert len(roster.found("w", most=2)) == 2


@pytest.mark.parametrize("typed", ["", " ", "·", "zz9", "%", "_", "王%", "王_", "!"])
def test_nobody_is_found_when_nothing_fits(roster: Roster, typed: str) -> None:
    """Signs that SQL reads otherwise are only signs."""
    assert roster.found(typed) == []


def test_name_is_refused_when_nobody_has_it(roster: Roster) -> None:
    """The search says what it looked for; keys are made by a program of its own."""
    with pytest.raises(Refused) as refused:
        find_typed(roster.store, "xyz")
    assert (refused.value.code, refused.value.parameters) == ("name_not_found", {"text": "xyz"})
    assert find_typed(roster.store, "cf")[0].person_id == roster.chen_fang


def test_names_are_looked_at_again_only_when_one_may_have_come_in(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search must not look at every name of the village first; a new one is found at once all the same."""
    looked: list[Store] = []
    monkeypatch.setattr(find, "refresh_name_keys", looked.append)

    def looks(act: Callable[[], object]) -> bool:
        act()
        before = len(looked)
        find_typed(roster.store, "wm")
        return len(looked) > before

    roster.make_keys()
    assert looks(lambda: None)
    assert not looks(lambda: None)
    assert not looks(lambda: roster.award(roster.wang, 100))
    assert looks(lambda: roster.person(roster.wang, "王大林", 1970))
    assert not looks(lambda: None)
    assert looks(lambda: written_by_another_program(roster))


def written_by_another_program(roster: Roster) -> None:
    """Sync brings lines in while the desk is open."""
    with closing(sqlite3.connect(roster.file)) as connection, connection:
        connection.execute("INSERT INTO setting (village, name, value) VALUES (1, 'met', '1')")


def test_old_name_leads_nowhere_when_somebody_was_renamed(roster: Roster) -> None:
    """Only the name of today is searched."""
    roster.make_keys()
    with roster.store.write(now=roster.now, by=roster.operator) as act:
        act.append(PersonRenamed(person=roster.chen_fang), {"name": "程芳"})
    assert roster.found("陈芳") == []
    assert roster.found("程") == [("程芳", 3, 12)]


def test_erased_name_is_not_shown_when_its_keys_are_still_there(roster: Roster) -> None:
    """Between the erasure and the next look at the keys nobody is found by a name that is gone."""
    roster.make_keys()
    with transaction(roster.store.engine, is_write=True) as connection:
        connection.exec_driver_sql("UPDATE private_text SET text = NULL, salt = NULL")
    assert search_people(roster.store, "cf") == ()


def test_household_is_not_found_when_it_joined_another(roster: Roster) -> None:
    """Its people and its place lead nowhere: points are with the other household."""
    merge_household(roster.store, roster.other_wang, roster.wang, now=roster.now, by=roster.operator)
    assert [found[1] for found in roster.found("wm")] == [3]
    with pytest.raises(Refused) as refused:
        find_typed(roster.store, "5.7")
    assert (refused.value.code, refused.value.parameters) == ("place_empty", {"text": "5.7"})


def test_search_says_to_wait_when_the_program_does_not_answer(roster: Roster) -> None:
    """Place and characters still work; the person is told what does."""

    def fails(names: Sequence[str]) -> list[tuple[str, ...]]:
        raise subprocess.TimeoutExpired("python", 60)

    with pytest.raises(TryAgain) as refused:
        refresh_name_keys(roster.store, fails)
    assert refused.value.code == "name_search_not_ready"


def test_dictionary_of_readings_stays_out_of_the_desk_when_names_are_searched(roster: Roster) -> None:
    """It takes tens of megabytes; the program that makes the keys ends after each list."""
    roster.close()
    script = (
        "import sys; from pathlib import Path; from db.engine import open_sqlite; from db.store import open_store;"
        "from kiosk.domain.find import find_typed; store = open_store(open_sqlite(Path(sys.argv[1])));"
        "print(len(find_typed(store, 'qxh')), 'pypinyin' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(roster.file)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]
