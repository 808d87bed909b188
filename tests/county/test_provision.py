"""What every village gets once: a folder for a stick, a sheet whose barcodes a scanner reads, and nothing personal."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from typer.testing import CliRunner

from county.cli import app
from county.hub import Hub, create_hub, open_engine
from county.provision import SHEETS, provision
from county.publish import publish_file
from county.registry import enrol
from county.sheet import SheetError
from county.villages import Named, Service, VillageError, keep_service, known_names, read_list, read_words
from db.wire.v1.message import Enrolment
from db.wire.v1.parcel import ParcelError
from db.wire.v1.set_up import SetUp, address_digits, open_set_up, read_address, read_sheet
from db.wire.v1.signed import Key, fingerprint
from db.wire.versions import SPOKEN
from tests.village import seeded

GOODS = Path(__file__).parents[2] / "docs" / "samples" / "county-goods.toml"
ADDRESS, PHONE = "https://203.0.113.5:8700", "0857-0000000"
VILLAGES = (Named(123, "云岭村"), Named(124, "下寨村"))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub that has published goods and said where it is reached."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    publish_file(made, GOODS)
    with made.write() as connection:
        keep_service(connection, Service(ADDRESS, PHONE))
    yield made
    made.close()


def set_up_in(folder: Path) -> SetUp:
    """What the one set-up file of a village's folder says."""
    [file] = (folder / "kiosk").iterdir()
    return open_set_up(file.name, file.read_bytes(), SPOKEN)


def barcodes(pdf: Path, page: int = 0) -> list[str]:
    """What a scanner reads on a page, from the top."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=300 / 72).to_pil()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128))
    return [each.text for each in sorted(found, key=lambda each: each.position.top_left.y)]


def test_village_gets_folder_and_sheet_when_it_is_provided_for(hub: Hub, tmp_path: Path) -> None:
    """Both say the same; the code opens the register once; the second village has another."""
    folder = tmp_path / "out"
    told: list[int] = []
    done = provision(hub, folder, VILLAGES, advance=told.append)
    assert (done.villages, done.lines, sum(told)) == (2, 4, 2)
    opened = set_up_in(folder / "0123")
    assert (opened.said.village, opened.said.name, opened.said.address, opened.said.phone) == (
        123, "云岭村", ADDRESS, PHONE,
    )  # fmt: skip
    assert (opened.fingerprint, len(opened.lines)) == (fingerprint(hub.key.public), 4)
    code, address = barcodes(folder / "0123.pdf")
    sheet = read_sheet(code)
    assert sheet is not None
    assert (sheet.village, sheet.code, sheet.check) == (123, opened.said.code, opened.fingerprint.replace(" ", ""))
    assert read_address(address) == ADDRESS
    assert barcodes(folder / SHEETS, 0) == [code, address]
    assert barcodes(folder / SHEETS, 1)[0] != code
    key = Key(bytes(32))
    said = Enrolment(village=123, log=7, code=sheet.code, key=key.public, sealing=key.sealing, program="kiosk 1")
    with hub.write() as connection:
        assert enrol(connection, said, hub.now()).state == "pending"


@pytest.mark.torture
def test_every_village_of_a_county_gets_its_own_when_all_are_provided_for(hub: Hub, tmp_path: Path) -> None:
    """578 folders and pages, no code twice; each barcode is that of its village."""
    villages = [Named(number, f"第{number}村") for number in range(1, 579)]
    assert provision(hub, tmp_path / "out", villages).villages == 578
    codes = [set_up_in(tmp_path / "out" / f"{each.number:04}").said.code for each in villages]
    assert len(set(codes)) == 578
    for page in (0, 288, 577):
        sheet = read_sheet(barcodes(tmp_path / "out" / SHEETS, page)[0])
        assert sheet is not None
        assert (sheet.village, sheet.code) == (page + 1, codes[page])


def test_old_folder_is_replaced_when_a_village_is_provided_for_again(hub: Hub, tmp_path: Path) -> None:
    """One set-up file a village, the newest; the number alone names a village that was named before."""
    provision(hub, tmp_path / "out", VILLAGES)
    before = set_up_in(tmp_path / "out" / "0123").said.code
    with hub.read() as connection:
        again = read_words(["123"], known_names(connection))
    provision(hub, tmp_path / "out", again)
    assert set_up_in(tmp_path / "out" / "0123").said.code != before


def test_nothing_is_written_when_a_name_cannot_be_printed(hub: Hub, tmp_path: Path) -> None:
    """A character without a glyph would be an empty box; no code is made either."""
    with pytest.raises(SheetError, match="0125"):
        provision(hub, tmp_path / "out", (*VILLAGES, Named(125, "云\U0001f600村")))
    assert not (tmp_path / "out").exists()
    with hub.read() as connection:
        assert known_names(connection) == {}


def test_set_up_file_is_refused_when_anything_in_it_was_changed(hub: Hub, tmp_path: Path) -> None:
    """Torn, renamed for another village, or with other lines than the county signed for."""
    provision(hub, tmp_path / "out", VILLAGES)
    [file] = (tmp_path / "out" / "0123" / "kiosk").iterdir()
    data = file.read_bytes()
    for name, content in (
        (file.name, data[:-1]),
        (file.name, b""),
        (file.name.replace("0123", "0124"), data),
        ("set-up-0123.kiosk", data),
    ):
        with pytest.raises(ParcelError):
            open_set_up(name, content, SPOKEN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("heading", ["村编号,村名", "village,name", "备注,名称,编号"])
def test_list_is_read_when_any_program_wrote_it(encoding: str, heading: str) -> None:
    """Excel in China writes GB18030; columns are found by their headings, empty rows are none."""
    rows = ["0124,下寨村", "", "123,云岭村"]
    if heading.startswith("备注"):
        rows = ["x,下寨村,0124", ",,", ",云岭村,123"]
    text = "\r\n".join([heading, *rows])
    assert read_list(text.encode(encoding)) == VILLAGES


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "headings"),
        ("编号\n1", "headings"),
        ("村编号,村名", "no village"),
        ("村编号,村名\nx,云岭村", "Line 2"),
        ("村编号,村名\n1,云岭村\n9999,下寨村", "Line 3"),
        ("村编号,村名\n1,", "Line 2"),
        ("村编号,村名\n1," + "村" * 41, "Line 2"),
        ("村编号,村名\n1,云岭村\n0001,下寨村", "0001 is named twice"),
    ],
)
def test_list_is_refused_by_its_place_when_it_is_wrong(text: str, place: str) -> None:
    """The sentence names the line."""
    with pytest.raises(VillageError, match=place):
        read_list(text.encode())


@pytest.mark.parametrize("word", ["x", "12345=村", "7", "0=村", "9999=村", "5=  "])
def test_village_is_refused_when_it_is_named_wrongly(word: str) -> None:
    """No number, a number nobody has, no name."""
    with pytest.raises(VillageError):
        read_words([word], {})


@pytest.mark.parametrize(
    ("address", "digits"),
    [
        ("http://203.0.113.5:8700", "020300011300508700"),
        ("https://10.0.0.1", "101000000000100443"),
        ("https://county.example:8700", ""),
        ("https://10.0.0.1/path", ""),
    ],
)
def test_address_can_be_typed_when_it_is_numbers(address: str, digits: str) -> None:
    """A number pad has no letters; a name is scanned, or comes by stick."""
    assert address_digits(address) == digits
    assert not digits or (read_address(digits) or "").removesuffix(":443") == address


def test_all_villages_are_provided_for_when_an_officer_types_one_line(tmp_path: Path) -> None:
    """The commands: lay out, say where the county is reached, the list; a wrong list ends with its sentence."""
    home, listed = tmp_path / "county", tmp_path / "list.csv"
    listed.write_text("村编号,村名\n" + "".join(f"{n},第{n}村\n" for n in range(1, 31)), "utf-8")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, words, env={"COUNTY_HOME": str(home)})
        return done.exit_code, done.output

    assert run("init")[0] == 0
    assert run("service", "ftp://x")[0] == 1
    assert run("service", ADDRESS, "--phone", PHONE) == (
        0, f"Villages reach the county at {ADDRESS}, by telephone {PHONE}.\n",
    )  # fmt: skip
    code, said = run("provision", str(tmp_path / "out"), "--all", str(listed))
    assert (code, "30 villages" in said) == (0, True)
    assert len(list((tmp_path / "out").glob("*/kiosk/set-up-*.kiosk"))) == 30
    assert len(pypdfium2.PdfDocument(tmp_path / "out" / SHEETS)) == 30
    assert run("provision", str(tmp_path / "out"), "12")[0] == 0
    listed.write_text("村编号,村名\n1,\n", "utf-8")
    for words in (("--all", str(listed)), (), ("1", "--all", str(listed)), ("--all", str(tmp_path / "none.csv"))):
        code, said = run("provision", str(tmp_path / "out"), *words)
        assert code == 1
        assert re.search(r"Line 2|Name villages|Cannot be", said)
