"""The export: exact bytes, texts beside them, heads by which a changed byte is found."""

import json
from pathlib import Path

import pytest

from db.export import Exported, check_export, export_journal, read_export
from db.journal import heads, read_since
from db.line import MalformedLineError
from tests.ready import Ready, ready_desk
from tests.village import VILLAGE


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def exported(desk: Ready, tmp_path: Path) -> Path:
    """The name of its export."""
    store = desk.open()
    desk.award(store)
    with store.read_in_pieces() as connection:
        export_journal(connection, tmp_path / "out")
    store.close()
    return tmp_path / "out"


def test_export_holds_the_exact_bytes_when_it_is_written(desk: Ready, tmp_path: Path) -> None:
    """Lines as they stand in the store, texts, and one head a log with the hash of its end."""
    store = desk.open()
    counted: list[int] = []
    with store.read() as connection:
        written = export_journal(connection, tmp_path / "out", counted.append)
        [(log, head)] = heads(connection, VILLAGE).items()
        lines = read_since(connection, VILLAGE, log, 0, 1_000)
    store.close()
    assert (tmp_path / "out.lines").read_bytes() == b"".join(line + b"\n" for line in lines)
    assert written == Exported(desk.known.lines, (tmp_path / "out.private").read_bytes().count(b"\n"))
    assert sum(counted) == desk.known.lines
    record = json.loads((tmp_path / "out.heads").read_text())
    assert record == {"village": VILLAGE, "log": log, "seq": head.seq, "hash": head.hash.hex()}
    assert check_export(tmp_path / "out") == []


def test_export_brings_what_is_new_when_it_is_received(exported: Path, tmp_path: Path) -> None:
    """What was written out can be read in elsewhere, texts included, and nothing is new the second time."""
    store = ready_desk(tmp_path / "elsewhere").open()
    pieces = list(read_export(exported.with_suffix(".lines"), exported.with_suffix(".private")))
    assert [store.receive(village, log, lines) for village, log, lines in pieces] == [1]
    assert [store.receive(village, log, lines) for village, log, lines in pieces] == [0]
    store.close()


def test_lines_written_meanwhile_are_left_out_when_exporting_in_pieces(desk: Ready, tmp_path: Path) -> None:
    """The heads are those of the beginning, and everything fits them."""
    store, other = desk.open(), desk.open("other")

    def sell(_count: int) -> None:
        desk.redeem(other)

    with store.read_in_pieces() as connection:
        assert export_journal(connection, tmp_path / "out", sell).lines == desk.known.lines
    assert check_export(tmp_path / "out") == []
    store.close()
    other.close()


@pytest.mark.parametrize(
    ("ending", "before", "after"),
    [
        (".lines", b'"points":300,', b'"points":301,'),
        (".lines", b'"seq":5,', b'"seq":6,'),
        (".lines", b'"v":1', b'"v":2'),
        (".lines", b'"turn":30,', b'"turn":31,'),
        (".private", "王".encode(), "玉".encode()),
        (".private", b'"seq":3,', b'"seq":4,'),
        (".private", b'"salt":"', b'"salt":"0'),
        (".heads", b'"hash":"', b'"hash":"00'),
        (".heads", b'"seq":', b'"seq":1'),
        (".heads", b"}\n", b"\n"),
    ],
)
def test_changed_byte_is_found_when_an_export_is_checked(
    exported: Path, ending: str, before: bytes, after: bytes
) -> None:
    """Whichever of the three files it is in."""
    file = exported.with_suffix(ending)
    content = file.read_bytes()
    assert before in content
    file.write_bytes(content.replace(before, after, 1))
    assert check_export(exported) != []


@pytest.mark.parametrize(("ending", "lines"), [(".lines", -1), (".private", -1), (".heads", -1), (".lines", 5)])
def test_missing_line_is_found_when_an_export_is_checked(exported: Path, ending: str, lines: int) -> None:
    """A file that was cut, at its end or in the middle; a text that is missing may have been erased."""
    file = exported.with_suffix(ending)
    held = file.read_bytes().splitlines(keepends=True)
    del held[lines]
    file.write_bytes(b"".join(held))
    assert (check_export(exported) == []) == (ending == ".private")


@pytest.mark.parametrize("record", ["{}", "[", '{"village":1,"log":1,"seq":1,"salt":"zz","text":"x"}', "7"])
def test_record_of_texts_is_refused_when_it_cannot_be_read(exported: Path, record: str) -> None:
    """Rubbish in NAME.private is a refusal with a code and never an accident."""
    exported.with_suffix(".private").write_text(record + "\n")
    with pytest.raises(MalformedLineError) as caught:
        list(read_export(exported.with_suffix(".lines"), exported.with_suffix(".private")))
    assert caught.value.code == "private_record"


def test_former_export_stays_when_a_new_one_fails(exported: Path, desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle leaves the old three files and nothing half-written."""
    before = {file.name: file.read_bytes() for file in exported.parent.glob("out.*")}
    store = desk.open()
    desk.redeem(store)

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("db.export.os.fsync", fail)
    with pytest.raises(OSError, match="No space"), store.read_in_pieces() as connection:
        export_journal(connection, exported)
    store.close()
    assert {file.name: file.read_bytes() for file in exported.parent.glob("out.*")} == before
