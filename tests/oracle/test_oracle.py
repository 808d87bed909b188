"""The oracle as a program: alone, on files, in words and in JSON, and as wide as the page it reads by."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle.body import BODIES
from tests.oracle.desk import Body, Ledger, file_of, hash_of, moved, written
from tests.oracle.verdict import main, points, recompute, render

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "ledger.md"


def sale(household: int, item: int) -> Body:
    """Two bags of salt for a household that had 42.5 points."""
    line = {"item": item, "quantity": 2, "each": 300, "points": 600, "is_over_book": True}
    body = {"seat": 1, "till": 1, "number": 1, "slip": "0123-1-000001", "household": household, "person": None}
    body |= {"card": None, "entry": "found", "no_card_reason": None, "lines": [line], "points": 600}
    return body | {"before": 4250, "after": 3650, "legs": moved("redeemed", household, -600)}


def village() -> Ledger:
    """A household that bought something, and whose opening balance arrived twice."""
    ledger = Ledger()
    ledger.add("log_begun", till=1, program="1.0", continues=None)
    ledger.add("seat_taken", seat=1)
    house = ledger.add("household_registered", text="𠮷野", group=1, house=2, residents=None)
    for _ in range(2):
        legs = moved("opening", house, 4250)
        ledger.add("opening_balance_posted", household=house, points=4250, paper="1-2", legs=legs)
    item = ledger.add("item_registered", name="盐", unit="袋", codes=["06990103300302"], is_provisional=False)
    ledger.add("price_set", item=item, from_day="2026-01-01", points=300)
    ledger.add("redemption_made", **sale(house, item))
    return ledger


def export(folder: Path, ledger: Ledger) -> list[str]:
    """Write both files and return their names."""
    (folder / "v.lines").write_bytes(ledger.file())
    (folder / "v.private").write_bytes(ledger.private())
    return [str(folder / "v.lines"), str(folder / "v.private")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program away from the checkout, without any installed package and without the environment."""
    command = [sys.executable, "-I", "-S", str(HERE / "recompute.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=HERE.anchor, check=False)


def imports(path: Path) -> set[str]:
    """Every module a file names in an import, wherever it stands; those of its own folder begin with a dot."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "__import__"):
            found |= {
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    return found


def test_nothing_of_ours_is_imported_when_the_oracle_judges() -> None:
    """A second opinion that shared our code would share our mistakes; its tests share nothing either."""
    found = {path.name: imports(path) for path in HERE.glob("*.py")}
    allowed = sys.stdlib_module_names | {"", "tests", "pytest"}
    assert {name: {top for top in names if top.partition(".")[0] not in allowed} for name, names in found.items()} == {
        name: set() for name in found
    }
    outside = {top for names in found.values() for top in names if top.startswith(("tests.", "..", "tests"))}
    assert {top for top in outside if not top.startswith("tests.oracle.")} == set()


def test_every_kind_of_the_page_is_known_when_the_page_grows() -> None:
    """The table of kinds in docs/ledger.md and the oracle's own are one list."""
    table = PAGE.read_text(encoding="utf-8").partition("| kind | body | consequence |")[2].partition("\n\n")[0]
    kinds = [row.split("|")[1] for row in table.splitlines()[2:]]
    named = {kind + version for cell in kinds for kind, version in re.findall(r"`(\w+)`( \d+)?", cell)}
    assert named == BODIES.keys()


def test_the_vectors_of_the_page_hold_when_they_are_recomputed() -> None:
    """The lines, texts and hashes printed on the page are what the oracle makes of them."""
    page = PAGE.read_text(encoding="utf-8").partition("## Vectors")[2]
    lines = [line.encode() for line in re.findall(r"```\n(.+)\n```", page)]
    parts = re.findall(r"\| (salt|text|hash) \| `(.+)` \|", page)
    known = [value for name, value in parts if name == "hash"]
    salts, texts = ([value for name, value in parts if name == part] for part in ("salt", "text"))
    places = [{name: json.loads(line)[name] for name in ("village", "log", "seq")} for line in lines]
    promised = [place for place, line in zip(places, lines, strict=True) if json.loads(line)["private"]]
    private = [
        written(place | {"salt": salt, "text": text}) for place, salt, text in zip(promised, salts, texts, strict=True)
    ]
    hashes = [written(place | {"hash": value}) for place, value in zip(places, known, strict=True)]
    verdict = recompute(file_of(lines), file_of(private), file_of(hashes))
    assert (verdict["lines"], verdict["texts"], verdict["texts_missing"], verdict["faults"]) == (3, 2, 0, [])
    assert verdict["heads"][0]["hash"] == known[-1]


def test_the_program_runs_alone_when_nothing_is_installed(tmp_path: Path) -> None:
    """Python and two files are enough; without a fault it ends with 0 and tells everything as JSON."""
    ended = run(*export(tmp_path, village()), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout) == recompute(village().file(), village().private())


def test_people_read_names_and_points_when_no_json_is_asked_for(tmp_path: Path) -> None:
    """Points as people write them, names where they are held, and what was counted only once."""
    text = run(*export(tmp_path, village()), "--day", "2026-02-01").stdout
    house, second = 7 * 2**33 + 3, 7 * 2**33 + 5
    assert f"id {house}, group 1, house 2, name 𠮷野, state open balance 36.5" in text
    assert "accounts: household 36.5, issued 0, redeemed 6, expired 0, adjusted 0, opening -42.5, moved 0" in text
    assert "name 盐, unit 袋, is_provisional False, codes [06990103300302] stock -2" in text
    assert f"duplicates [{second}]" in text
    assert "before 42.5, after 36.5" in text
    assert "prices: 1\n  item" in text
    assert text.endswith("== faults: 0\n")


def test_the_program_ends_with_one_when_a_fault_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault is told with its place; the exit code is enough for a script."""
    ledger = village()
    ledger.add("seat_taken", log=8, seat=1)
    assert main(export(tmp_path, ledger)) == 1
    assert "seat_taken_twice 123/8/1: seat 1 is held by log 7" in capsys.readouterr().out


def test_the_program_ends_with_two_when_a_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was judged, so nothing is printed as a verdict."""
    assert main([str(tmp_path / "none.lines")]) == 2
    assert capsys.readouterr().out == ""


def test_the_program_asks_for_a_day_when_it_is_given_something_else(tmp_path: Path) -> None:
    """A day that is none would put every price out of force without a word."""
    assert run(*export(tmp_path, village()), "--day", "tomorrow").returncode == 2


def test_known_hashes_are_compared_when_their_file_is_named(tmp_path: Path) -> None:
    """The hashes a verdict tells are the form in which they are given back later."""
    ledger = village()
    names = export(tmp_path, ledger)
    (tmp_path / "known").write_bytes(file_of(map(written, recompute(ledger.file())["heads"])))
    assert run(*names, "--hashes", str(tmp_path / "known")).returncode == 0
    (tmp_path / "v.lines").write_bytes(ledger.file().replace(b'"mono":5', b'"mono":6'))
    ended = run(*names, "--hashes", str(tmp_path / "known"), "--json")
    assert ended.returncode == 1
    assert [fault["code"] for fault in json.loads(ended.stdout)["faults"]] == ["hash_differs"]


def test_two_villages_stand_apart_when_one_export_holds_both() -> None:
    """Ids are a village's own: the same number in another village is another household."""
    other = village()
    other.village = 124
    other.lines = {}
    other.add("household_moved", household=7 * 2**33 + 3, group=9, house=9)
    verdict = recompute(village().file() + other.file())
    assert [each["village"] for each in verdict["villages"]] == [123, 124]
    assert [each["households"][0]["group"] for each in verdict["villages"]] == [1, 9]
    assert verdict["heads"][1]["hash"] == hash_of(other.lines.values())


def test_what_is_missing_is_named_when_balance_and_stock_have_no_owner() -> None:
    """A balance whose household has not arrived is not lost in the text."""
    ledger = Ledger()
    ledger.add("opening_balance_posted", household=9, points=5, paper="1", legs=moved("opening", 9, 5))
    ledger.add("stock_counted", seat=1, item=8, quantity=3)
    text = render(recompute(ledger.file()))
    assert "balance without a household: 9 0.05" in text
    assert "stock without an item: 8 3" in text


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0"), (4250, "42.5"), (5, "0.05"), (-150, "-1.5"), (-99, "-0.99"), (100000, "1000")]
)
def test_points_are_written_as_people_do_when_halves_exist(hundredths: int, text: str) -> None:
    """Hundredths never become floats."""
    assert points(hundredths) == text
