"""A village without any network: set up, let in, reporting and hearing of prices by nothing but a stick."""

import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from county.cli import app
from county.hub import open_engine, open_hub
from db import projections
from db.engine import open_sqlite
from db.store import Store, open_store, own_log, store_file
from kiosk.county_state import Standing, look_at_county
from kiosk.domain.goods import find_goods_of_code
from kiosk.errors import BadInput
from kiosk.health import count_unsent
from kiosk.set_up import find_invitations, take_invitation
from kiosk.store_care import lay_out_store
from kiosk.sync.stick import FOLDER, Exchanged, Way, exchange_by_stick
from tests.ready import later
from tests.recomputed import recompute
from tests.sticks import plugged
from tests.village import Village

SALT = '[[goods]]\ncode = "6990103300302"\nname = "食盐"\nunit = "袋"\npoints = {points}\nfrom_day = 2026-01-01\n'
DAY = "2026-11-22"


class Office:
    """The county's officer and the commands of the hub."""

    def __init__(self, folder: Path) -> None:
        """Lay a hub out that has published salt."""
        self.folder, self.home = folder, folder / "county"
        self.run("init")
        self.publish(3)
        self.run("service", "", "--phone", "0857-0000000")

    def run(self, *words: str) -> str:
        """Type a command."""
        done = CliRunner().invoke(app, words, env={"COUNTY_HOME": str(self.home)})
        assert done.exit_code == 0, done.output
        return done.output

    def publish(self, points: int) -> None:
        """Say what salt costs."""
        file = self.folder / "goods.toml"
        file.write_text(SALT.format(points=points), "utf-8")
        self.run("publish", str(file))

    def stick(self, folder: Path) -> str:
        """Take a stick in."""
        return self.run("stick", str(folder))


def price(store: Store) -> int | None:
    """What salt costs at the till."""
    with store.read() as connection:
        [goods] = find_goods_of_code(connection, store.village, "06990103300302", DAY).values()
    return goods.points


def visit(village: Village, stick: Path, way: Way) -> Exchanged:
    """The stick is at the village."""
    return exchange_by_stick(village.store, stick, os.urandom, now=village.now, way=way)


def assert_the_same(office: Office, village: Village) -> None:
    """Both sides hold the same tables, and the oracle finds no fault."""
    hub = open_hub(open_engine(office.home))
    with hub.write() as there:
        projections.project(there, 123)
    with hub.read() as there, village.store.read() as here:
        assert projections.digest(here, 123) == projections.digest(there, 123)
    hub.close()
    assert recompute(village.store, office.folder).faults == []


def let_in(office: Office, stick: Path, check: str) -> None:
    """The officer takes the stick in, and hears the same digits on the telephone as stand on the screen."""
    said = office.stick(stick)
    assert "0 lines stored" in said
    found = re.search(r"0123/(\d+) wants to be known. If the village reads out ([\d ]+),", said)
    assert found is not None
    assert found.group(2) == check
    office.run("terminal", "approve", "123", found.group(1), "--check", check)


def test_village_begins_reports_and_hears_of_prices_when_only_a_stick_travels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three journeys of one stick; the digits are compared by telephone; the question and its code are gone then."""
    office = Office(tmp_path)
    office.run("provision", str(tmp_path / "out"), "123=云岭村")
    stick = plugged(tmp_path / "out" / "0123", monkeypatch)
    village = Village(tmp_path / "village")
    [invitation] = find_invitations().invitations
    assert (invitation.name, invitation.address) == ("云岭村", "")
    take_invitation(village.store, invitation)
    take_invitation(village.store, invitation)
    state = look_at_county(village.store)
    assert (price(village.store), state.standing, state.hub_check) == (300, Standing.ASKED, invitation.check)
    village.award(village.household(1, 1, "王明"), 500)
    visit(village, stick, "out")

    let_in(office, stick, state.check)
    with pytest.raises(BadInput, match="stick_without_answer"):
        visit(village, stick, "home")
    said = office.stick(stick)
    assert f"Villages: 0123. {count_unsent(village.store).lines} lines stored" in said
    assert "Left aside" not in said
    visit(village, stick, "home")
    assert (look_at_county(village.store).standing, count_unsent(village.store).lines) == (Standing.KNOWN, 0)

    village.household(1, 2, "李秀")
    visit(village, stick, "out")
    assert not list((stick / FOLDER).glob("ask-*"))
    office.publish(5)
    office.stick(stick)
    assert visit(village, stick, "home").received == 1
    assert price(village.store) == 500
    assert_the_same(office, village)
    village.close()


def test_code_lets_one_machine_in_when_two_come_with_the_same_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody copied the stick: the second question is left aside, and says why; nothing of it is stored."""
    office = Office(tmp_path)
    office.run("provision", str(tmp_path / "out"), "123=云岭村")
    stick = plugged(tmp_path / "out" / "0123", monkeypatch)
    [invitation] = find_invitations().invitations
    said = ""
    for name in ("first", "second"):
        lay_out_store(tmp_path / name, 123, "周会计")
        store = open_store(open_sqlite(store_file(tmp_path / name)))
        take_invitation(store, invitation)
        with store.read() as connection:
            log = own_log(connection, 123)
        exchange_by_stick(store, stick, os.urandom, now=later(), way="out")
        store.close()
        said = office.stick(stick)
        assert (f"0123/{log} wants to be known" in said) == (name == "first")
    assert "the code is not of this village, was used, or is too old" in said


def test_village_is_not_begun_twice_when_a_second_machine_asks_by_stick_as_its_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a stick and a code of its own and would begin a second book: left aside, and what to do is said."""
    office = Office(tmp_path)
    stick = plugged(tmp_path / "stick", monkeypatch)
    for name in ("first", "second"):
        office.run("provision", str(tmp_path / name), "123=云岭村")
        shutil.copytree(tmp_path / name / "0123", stick, dirs_exist_ok=True)
        lay_out_store(tmp_path / f"{name}-desk", 123, "周会计")
        store = open_store(open_sqlite(store_file(tmp_path / f"{name}-desk")))
        [invitation] = find_invitations().invitations
        take_invitation(store, invitation)
        exchange_by_stick(store, stick, os.urandom, now=later(), way="out")
        check = look_at_county(store).check
        store.close()
        if name == "first":
            let_in(office, stick, check)
            [old] = (stick / FOLDER).glob("set-up-*")
            old.unlink()
    said = office.stick(stick)
    assert "wants to be known" not in said
    assert "the village has a terminal, and this one was set up as its first" in said


def test_stick_of_another_village_is_refused_when_a_terminal_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next village's folder: nothing of it is believed."""
    office = Office(tmp_path)
    office.run("provision", str(tmp_path / "out"), "124=下寨村")
    plugged(tmp_path / "out" / "0124", monkeypatch)
    village = Village(tmp_path / "village")
    [invitation] = find_invitations().invitations
    with pytest.raises(BadInput, match="set_up_of_another"):
        take_invitation(village.store, invitation)
    assert look_at_county(village.store).standing == Standing.STRANGER
    village.close()
