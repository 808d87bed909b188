"""A stick travels badly: replayed, torn, in the wrong order, meddled with, full of other things."""

import shutil
from pathlib import Path

from db.wire.v1.parcel import read_name
from tests.faults.sync.ends import FACTS, Ends, ends_in, flip_in_line, laid_out

FOLDER = "kiosk"


def go_out(ends: Ends, stick: Path) -> int:
    """Put on a stick what the county lacks; how many lines."""
    stick.mkdir(exist_ok=True)
    said = ends.kiosk("stick", str(stick))
    assert said.code == 0, said.complained
    return int(said.values["written"])


def arrive(ends: Ends, stick: Path) -> str:
    """Let the county read a stick, and return all it says."""
    ended = ends.county.run("stick", str(stick))
    assert ended.code == 0, ended.complained
    return ended.said + ended.complained


def parcels(stick: Path) -> list[Path]:
    """The files of a stick that come from a village."""
    named = [(read_name(file.name), file) for file in sorted((stick / FOLDER).iterdir())]
    return [file for label, file in named if label is not None and label.way == "from"]


def test_nothing_counts_twice_when_a_stick_is_replayed(tmp_path: Path) -> None:
    """The same files again and again, after newer ones too; and by line at the same time."""
    with ends_in(tmp_path) as ends:
        first, second = tmp_path / "first", tmp_path / "second"
        assert go_out(ends, first) == FACTS
        copy = Path(shutil.copytree(first, tmp_path / "copy"))
        assert f"{FACTS} lines stored" in arrive(ends, first)
        ends.award()
        assert go_out(ends, second) == FACTS + 1
        assert " 1 lines stored" in arrive(ends, second)
        for _ in range(3):
            assert " 0 lines stored" in arrive(ends, copy)
        ends.assert_same()
        assert ends.settle().values["sent"] == 0


def test_whole_files_are_taken_when_the_stick_was_pulled_while_writing(tmp_path: Path) -> None:
    """A file cut at any place is left aside, the part of one under its temporary name too; then it comes whole."""
    with ends_in(tmp_path) as ends:
        stick = tmp_path / "stick"
        go_out(ends, stick)
        [file] = parcels(stick)
        whole = file.read_bytes()
        (stick / FOLDER / f"{file.name}.part").write_bytes(whole[:900])
        for at in (0, 1, 40, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:at])
            assert " 0 lines stored" in arrive(ends, stick)
        go_out(ends, stick)
        assert f"{FACTS} lines stored" in arrive(ends, stick)
        ends.assert_same()


def test_later_file_waits_when_the_one_before_it_is_missing(tmp_path: Path) -> None:
    """A gap is left aside and counted; it is taken as soon as the lines before it have come, in any order."""
    with ends_in(tmp_path) as ends:
        first, later = tmp_path / "first", tmp_path / "later"
        go_out(ends, first)
        arrive(ends, Path(shutil.copytree(first, tmp_path / "away")))
        go_home(ends, tmp_path / "away")
        forget(ends)
        ends.award()
        go_out(ends, later)
        kept = Path(shutil.copytree(later, tmp_path / "kept"))
        said = arrive(ends, later)
        assert (" 0 lines stored" in said, "are missing" in said) == (True, True), said
        arrive(ends, first)
        arrive(ends, kept)
        ends.assert_same()


def test_nothing_is_taken_when_a_file_was_meddled_with(tmp_path: Path) -> None:
    """Any flipped byte, another village's name, somebody's photographs: left aside, and never an end of the queue."""
    with ends_in(tmp_path) as ends:
        stick = tmp_path / "stick"
        go_out(ends, stick)
        [file] = parcels(stick)
        whole = file.read_bytes()
        for place in range(0, len(whole), len(whole) // 4):
            file.write_bytes(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
            assert " 0 lines stored" in arrive(ends, stick)
        file.write_bytes(whole)
        (stick / FOLDER / file.name.replace("0123", "0124")).write_bytes(whole)
        (stick / FOLDER / "IMG_2044.jpg").write_bytes(b"\xff\xd8")
        (stick / "report.doc").write_bytes(b"\xd0\xcf")
        assert f"{FACTS} lines stored" in arrive(ends, stick)
        ends.assert_same()


def test_sound_lines_go_out_when_a_line_is_damaged_here(tmp_path: Path) -> None:
    """A flipped byte in a line of the desk: what stands before it travels, and the county takes all of that."""
    with ends_in(tmp_path) as ends:
        flip_in_line(ends.desk.file, 40)
        assert go_out(ends, tmp_path / "stick") == 39
        assert " 39 lines stored" in arrive(ends, tmp_path / "stick")
        assert list(ends.held().values()) == [39]


def go_home(ends: Ends, stick: Path) -> None:
    """Bring the county's answers home."""
    assert ends.kiosk("stick", str(stick)).code == 0


def forget(ends: Ends) -> None:
    """Let the hub be one that holds nothing of the desk, as it was laid out."""
    ends.county.file.write_bytes(laid_out()[1])
