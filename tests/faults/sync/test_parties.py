"""Who takes part is not who it was: an older hub, a shut-out key, a second terminal, a newer program."""

import shutil
from pathlib import Path

from county.hub import open_engine, open_hub
from county.registry import list_terminals, revoke
from db.facts.terminal import LogBegun
from db.line import mint_log
from db.store import begin_own_log
from tests.faults.sync.ends import FACTS, Ends, ends_in, let_in, read_end
from tests.line import Line, Stall
from tests.ready import Ready, later
from tests.village import VILLAGE


def test_lines_come_again_when_the_hub_was_restored_from_an_old_backup(tmp_path: Path) -> None:
    """Backed up, restored in a new epoch while three villages' worth was sent since: the terminal sends it again."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        ends.settle()
        backup = tmp_path / "hub.backup"
        assert ends.county.run("backup", str(backup)).code == 0
        for _ in range(3):
            ends.award()
        ends.settle()
        ends.county.stop()
        assert ends.county.run("restore", str(backup)).code == 0
        ends.award()
        assert ends.settle().values["sent"] == 4


def test_gap_is_told_when_the_hub_is_restored_between_hello_and_push(tmp_path: Path) -> None:
    """The lines it asked for continue others now: it takes none, and the next report begins where it stands."""
    with ends_in(tmp_path) as ends:
        empty = ends.county.file.read_bytes()
        ends.county.start()
        ends.settle()
        ends.award()
        stall = Stall([("up", 2)])
        with Line(ends.county.port, stall) as line:
            running = ends.begin_sync(line.address)
            stall.wait_until_reached()
            ends.county.stop()
            ends.county.file.write_bytes(empty)
            ends.county.start()
            stall.go_on()
            said = read_end(running.wait())
        assert (said.code, said.refusal) in ((75, "county_not_reached"), (75, "county_cut_short"))
        assert ends.held() == {}
        assert ends.settle().values["sent"] == FACTS + 1


def test_report_ends_with_77_when_the_key_was_shut_out(tmp_path: Path) -> None:
    """At the hello, signed by the county; and in the middle of a session, which the next hello explains."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        stall = Stall([("up", 2)])
        with Line(ends.county.port, stall) as line:
            running = ends.begin_sync(line.address)
            stall.wait_until_reached()
            shut_out(ends)
            stall.go_on()
            assert read_end(running.wait()).code == 75
        said = ends.sync()
        assert (said.code, said.refusal) == (77, "county_revoked")
        assert ends.held() == {}
        store = ends.store()
        assert ends.desk.redeem(store).number == 1
        store.close()


def test_each_hears_of_the_other_when_two_terminals_of_a_village_report(tmp_path: Path) -> None:
    """Both logs stand at the county and at both desks, byte for byte."""
    with ends_in(tmp_path) as ends:
        second = second_terminal(tmp_path / "second", ends)
        ends.county.start()
        assert ends.sync().values["sent"] == FACTS
        said = ends.sync(home=second.home)
        assert (said.code, said.values["sent"], said.values["received"]) == (0, 2, 0)
        assert ends.settle().values["received"] == 2
        other = Ends(second, ends.county)
        other.assert_same()
        ends.assert_same()


def second_terminal(home: Path, ends: Ends) -> Ready:
    """A second desk of the village, with a log and a key of its own, that has awarded something."""
    home.mkdir()
    shutil.copy(ends.desk.file, home)
    desk = Ready(home, ends.desk.known)
    store = desk.open("second")
    with store.write(now=later(), by=None, begins_log=True) as act:
        log = mint_log(act.entropy)
        begin_own_log(act.connection, act.village, log)
        act.change_log(log)
        act.append(LogBegun(till=2, program="kiosk"))
        act.connection.exec_driver_sql("DELETE FROM setting WHERE name LIKE 'county.%'")
    desk.award(store)
    hub = open_hub(open_engine(ends.county.home))
    let_in(store, hub)
    hub.close()
    store.close()
    return desk


def shut_out(ends: Ends) -> None:
    """Revoke the desk's key beside the serving hub."""
    hub = open_hub(open_engine(ends.county.home))
    with hub.write() as connection:
        [known] = list_terminals(connection, VILLAGE)
        revoke(connection, VILLAGE, known.log, hub.now())
    hub.close()
