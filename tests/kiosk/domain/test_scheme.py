"""Schemes: the default one, what loading writes, and every way a file can be wrong."""

from pathlib import Path

import pytest

from db.export import export_journal
from db.scheme_file import DEFAULT, SchemeFileError, read_scheme
from kiosk.domain.scheme import household_scheme, items_on, list_schemes, load_scheme, require_item, show_items
from kiosk.errors import BadInput, NotAllowed, Refused
from tests.kiosk.domain.office import Office, office_in_memory
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE

SMALL = """
code = "own"
audience = "household"
from_day = "2026-01-01"
zh = "本村办法"
en = "Our scheme"

[rules]
base_points = 6000
honour_line_points = 9000
routine_cap_points = 1000
value_fen = 60
value_points = 350

[[earn_item]]
code = "sweep"
group = "environment"
zh = "扫路"
en = "Sweeping"
points = 250
monthly_cap = 500
is_routine = true

[[deduct_item]]
code = "smoke"
group = "environment"
zh = "烧秸秆"
en = "Straw burning"
points = -500
"""


@pytest.fixture
def office() -> Office:
    """An office whose village began with the default scheme."""
    return office_in_memory()


def written(folder: Path, text: str) -> Path:
    """A scheme file with this text."""
    file = folder / "own.toml"
    file.write_text(text, "utf-8")
    return file


def test_village_has_the_default_scheme_when_it_began(office: Office) -> None:
    """Base points, the honour line and the worth of a point hold from the first day."""
    with office.store.read() as connection:
        scheme = household_scheme(connection, VILLAGE, DAY)
    assert (scheme.code, scheme.label_zh) == ("zhijin_household", "农户积分办法")
    assert scheme.rules == {
        "base_points": 10_000,
        "honour_line_points": 15_000,
        "routine_cap_points": 3_000,
        "value_fen": 100,
        "value_points": 100,
    }
    points = {item.code: item.points for item in show_items(office.store)}
    assert points["meeting_on_time"] == 200
    assert points["recycling"] == 50
    assert points["enlistment"] == 5_000
    assert points["false_declaration"] == -1_000
    assert len(points) == 25


def test_items_stand_in_the_order_of_the_file_when_shown(office: Office) -> None:
    """The first nine are the first page, which one key press reaches; deductions come last."""
    items = show_items(office.store)
    assert [item.code for item in items[:2]] == ["meeting_on_time", "meeting_late"]
    assert all(item.is_routine or item.points == 500 for item in items[:9])
    assert [item.is_deduction for item in items] == sorted(item.is_deduction for item in items)
    recycling = next(item for item in items if item.code == "recycling")
    assert recycling.is_counted
    assert (recycling.unit("zh_CN"), recycling.unit("en"), recycling.label("en")) == (
        "公斤",
        "kg",
        "Recyclables handed in",
    )


def test_nothing_is_written_when_a_scheme_is_loaded_again(office: Office, tmp_path: Path) -> None:
    """The digest of the file says that it is in force already."""
    with office.store.read() as connection:
        export_journal(connection, tmp_path / "before")
    again = load_scheme(office.store, DEFAULT, now=office.now, by=office.secretary)
    assert again.is_unchanged
    assert (again.changed, again.ended, again.items) == (0, 0, 25)
    with office.store.read() as connection:
        export_journal(connection, tmp_path / "after")
    assert (tmp_path / "before.lines").read_bytes() == (tmp_path / "after.lines").read_bytes()


def test_only_differences_are_written_when_a_changed_file_is_loaded(office: Office, tmp_path: Path) -> None:
    """A new price from a later day, an item that ends, and the items of earlier days stay as they were."""
    load_scheme(office.store, written(tmp_path, SMALL), now=office.now, by=office.secretary)
    text = SMALL.replace("points = 250", "points = 300").replace('code = "smoke"', 'code = "noise"')
    loading = load_scheme(office.store, written(tmp_path, text), "2026-12-01", now=office.now, by=office.secretary)
    assert (loading.changed, loading.ended, loading.from_day) == (2, 1, "2026-12-01")
    with office.store.read() as connection:
        before = {item.code: item for item in items_on(connection, VILLAGE, "own", DAY)}
        after = {item.code: item for item in items_on(connection, VILLAGE, "own", "2026-12-01")}
    assert (before["sweep"].points, after["sweep"].points) == (250, 300)
    assert (before["smoke"].is_active, after["smoke"].is_active, after["noise"].is_active) == (True, False, True)
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    facts = [row for row in found.village["scheme_items"] if row["scheme"] == "own"]
    assert sorted((row["code"], row["from_day"], row["points"], row["is_active"]) for row in facts) == [
        ("noise", "2026-12-01", -500, True),
        ("smoke", "2026-01-01", -500, True),
        ("smoke", "2026-12-01", -500, False),
        ("sweep", "2026-01-01", 250, True),
        ("sweep", "2026-12-01", 300, True),
    ]


def test_scheme_of_the_latest_day_holds_when_two_are_loaded(office: Office, tmp_path: Path) -> None:
    """The village's own scheme takes over from its day on, with its own numbers."""
    load_scheme(office.store, written(tmp_path, SMALL), now=office.now, by=office.secretary)
    with office.store.read() as connection:
        assert household_scheme(connection, VILLAGE, "2025-12-31").code == "zhijin_household"
        assert household_scheme(connection, VILLAGE, DAY).rules["value_points"] == 350
    assert [item.code for item in show_items(office.store)] == ["sweep", "smoke"]
    assert [scheme.code for scheme in list_schemes(office.store)] == ["zhijin_household", "own"]


def test_item_is_refused_when_it_has_ended_or_was_never_there(office: Office, tmp_path: Path) -> None:
    """What the scheme in force does not offer cannot be awarded."""
    load_scheme(office.store, written(tmp_path, SMALL), now=office.now, by=office.secretary)
    text = SMALL.replace('code = "smoke"', 'code = "noise"')
    load_scheme(office.store, written(tmp_path, text), "2026-02-01", now=office.now, by=office.secretary)
    for code in ("smoke", "meeting_on_time"):
        with office.store.read() as connection, pytest.raises(Refused) as refused:
            require_item(connection, VILLAGE, code, DAY)
        assert (refused.value.code, refused.value.parameters) == ("scheme_item_unknown", {"item": code})


def test_scheme_is_missing_when_none_was_in_force_yet(office: Office) -> None:
    """Before the plan's own day there is none."""
    with office.store.read() as connection, pytest.raises(Refused) as refused:
        household_scheme(connection, VILLAGE, "2020-07-02")
    assert refused.value.code == "scheme_absent"


def test_loading_is_refused_when_a_later_scheme_is_in_force(office: Office, tmp_path: Path) -> None:
    """A scheme never changes the past that people saw."""
    load_scheme(office.store, written(tmp_path, SMALL), now=office.now, by=office.secretary)
    text = SMALL.replace("points = 250", "points = 300")
    with pytest.raises(Refused) as refused:
        load_scheme(office.store, written(tmp_path, text), "2025-12-31", now=office.now, by=office.secretary)
    assert refused.value.code == "scheme_day_goes_back"
    assert refused.value.parameters == {"day": "2025-12-31", "latest": "2026-01-01"}


@pytest.mark.parametrize("day", ["2026-02-30", "1.1.2026", "20260101"])
def test_loading_is_refused_when_the_day_is_none(office: Office, tmp_path: Path, day: str) -> None:
    """The calendar is asked, not only the spelling."""
    with pytest.raises(BadInput) as refused:
        load_scheme(office.store, written(tmp_path, SMALL), day, now=office.now, by=office.secretary)
    assert refused.value.parameters == {"place": "own", "key": "from_day", "value": day}


def test_loading_is_refused_when_the_operator_is_no_secretary(office: Office, tmp_path: Path) -> None:
    """The scheme is the village's law, not the volunteer's."""
    with pytest.raises(NotAllowed) as refused:
        load_scheme(office.store, written(tmp_path, SMALL), now=office.now, by=office.helper.operator_id)
    assert refused.value.code == "right_missing"


@pytest.mark.parametrize(
    ("old", "new", "code", "parameters"),
    [
        ("[rules]", "[rules", "scheme_unreadable", None),
        ('zh = "扫路"\n', "", "scheme_key_missing", {"place": "sweep", "key": "zh"}),
        ('zh = "扫路"', 'zh = ""', "scheme_value_wrong", {"place": "sweep", "key": "zh", "value": ""}),
        ("value_fen = 60\n", "", "scheme_key_missing", {"place": "own", "key": "rules.value_fen"}),
        ("base_points", "bass_points", "scheme_key_missing", {"place": "own", "key": "rules.base_points"}),
        ("is_routine = true", "daily = true", "scheme_key_unknown", {"place": "sweep", "key": "daily"}),
        ("points = 250", "points = 2.5", "scheme_value_wrong", {"place": "sweep", "key": "points", "value": "2.5"}),
        ("points = 250", "points = -250", "scheme_points_sign", {"place": "sweep", "points": -250}),
        ("points = -500", "points = 500", "scheme_points_sign", {"place": "smoke", "points": 500}),
        ("points = -500", "points = 0", "scheme_points_sign", {"place": "smoke", "points": 0}),
        ('code = "smoke"', 'code = "sweep"', "scheme_item_twice", {"place": "sweep"}),
        ("monthly_cap = 500", 'unit_zh = "次"', "scheme_key_missing", {"place": "sweep", "key": "unit_en"}),
        ("[[deduct_item]]", "[deduct_item]", "scheme_value_wrong", None),
        ('audience = "household"', 'audience = "cats"', "scheme_value_wrong", None),
        ('"2026-01-01"', '"1 January"', "scheme_value_wrong", None),
    ],
)
def test_file_is_refused_with_its_place_when_it_is_wrong(
    tmp_path: Path, old: str, new: str, code: str, parameters: dict[str, object] | None
) -> None:
    """Every check names the item and the key, so that the file can be mended."""
    assert old in SMALL
    with pytest.raises(SchemeFileError) as refused:
        read_scheme(written(tmp_path, SMALL.replace(old, new, 1)))
    assert refused.value.code == code
    if parameters is not None:
        assert refused.value.parameters == parameters


@pytest.mark.parametrize("source", ["no_such_scheme", Path("/nowhere/own.toml")])
def test_file_is_refused_when_it_is_not_there(source: str | Path) -> None:
    """Neither a name the program ships nor a file."""
    with pytest.raises(SchemeFileError) as refused:
        read_scheme(source)
    assert (refused.value.code, refused.value.parameters) == ("scheme_file_absent", {"file": str(source)})


def test_file_is_refused_when_it_is_no_text(tmp_path: Path) -> None:
    """A spreadsheet under the name of a scheme."""
    file = tmp_path / "own.toml"
    file.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(SchemeFileError) as refused:
        read_scheme(file)
    assert refused.value.code == "scheme_unreadable"
