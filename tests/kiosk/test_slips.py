"""What a screen may ask of the slip printer: it never raises, never blocks, and says what became of each slip."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap import PluggedDevices
from kiosk.devices.printer.simulated import Condition, TcpPrinter
from kiosk.errors import BadInput, Refused
from kiosk.paper.elements import WIDE, Cut, Element, Text
from kiosk.settings import Settings
from kiosk.slips import TROUBLE, Printed, Slips

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def paper(short_waits: None) -> Iterator[TcpPrinter]:
    """A slip printer with wide paper on the network."""
    with TcpPrinter(WIDE) as printer:
        yield printer


def plugged(target: str) -> PluggedDevices:
    """The devices of a desk whose settings name this printer."""
    return PluggedDevices(Settings(slip_printer=target))


def words(text: str) -> list[Element]:
    """A short slip."""
    return [Text(text), Cut()]


async def test_a_slip_is_out_when_the_printer_is_well(paper: TcpPrinter) -> None:
    """Laid out for the width of the paper that is really there."""
    devices = plugged(paper.target)
    assert devices.printer_state == "waiting"
    slips = Slips(devices)
    await slips.warm_up()
    seen: list[int] = []

    def build(columns: int) -> list[Element]:
        seen.append(columns)
        return words("一张")

    assert await slips.print("1", build) == Printed("1", is_out=True, is_owed=False, state="ready")
    assert (seen, paper.receipts, slips.owed) == ([WIDE], ["一张\n"], ())
    devices.close()


async def test_slips_are_owed_by_name_when_the_printer_is_not_well(paper: TcpPrinter) -> None:
    """They come out in their order, or are gone on without."""
    devices = plugged(paper.target)
    slips = Slips(devices)
    paper.become(Condition.COVER_OPEN)
    for name in ("1", "2", "3"):
        printed = await slips.print(name, lambda _columns, name=name: words(f"第{name}张"))  # type: ignore[misc]  # because a default binds the name of this turn
        assert printed == Printed(name, is_out=False, is_owed=True, state="cover_open")
    assert list(slips.owed) == ["1", "2", "3"]
    assert slips.state == "cover_open"
    paper.become(Condition.READY)
    assert [(each.name, each.is_out) for each in await slips.print_owed()] == [("1", True), ("2", True), ("3", True)]
    paper.become(Condition.OFFLINE)
    await slips.print("4", lambda _columns: words("第4张"))
    assert slips.forget() == ("4",)
    assert list(slips.owed) == []
    devices.close()


async def test_nobody_waits_for_a_slip_when_there_is_no_printer() -> None:
    """None is set, or the setting says none."""
    for devices in (plugged(""), plugged("none")):
        slips = Slips(devices)
        assert await slips.print("1", lambda _columns: words("一张")) == Printed(
            "1", is_out=False, is_owed=False, state="none"
        )
        assert (slips.owed, slips.forget(), await slips.print_owed()) == ((), (), ())
        devices.close()


async def test_a_printer_that_means_nothing_is_said_once_and_stops_no_sale_when_set() -> None:
    """Opening the till says so; printing a slip afterwards only finds no printer."""
    devices = plugged("pigeon:coop")
    slips = Slips(devices)
    with pytest.raises(BadInput, match="printer_target_invalid"):
        await slips.warm_up()
    assert not (await slips.print("1", lambda _columns: words("一张"))).is_owed
    devices.close()


async def test_a_slip_is_a_file_when_the_printer_is_a_folder(tmp_path: Path) -> None:
    """The demo desk prints into a folder."""
    devices = plugged(f"text:{tmp_path / 'slips'}")
    assert (await Slips(devices).print("0123-1-000001", lambda _columns: words("一张"))).is_out
    assert [file.name for file in (tmp_path / "slips").iterdir()] == ["0123-1-000001.txt"]
    devices.close()


@pytest.mark.parametrize("count", [0, 40, 200])
async def test_a_report_comes_out_whole_by_the_second_wish_when_the_cable_was_pulled(
    paper: TcpPrinter, count: int
) -> None:
    """After so many bytes; the first wish says what ails the printer, the second brings the paper, once."""
    devices = plugged(paper.target)
    slips = Slips(devices)
    await slips.warm_up()
    report: list[Element] = [*(Text(f"第{line}行，日结单") for line in range(20)), Cut()]
    paper.unplug_after(count)
    assert await slips.bring_out("day-7", lambda _columns: report) in TROUBLE
    paper.plug_in()
    assert await slips.bring_out("day-7", lambda _columns: report) is None
    assert (len([each for each in paper.receipts if "第19行" in each]), slips.owed) == (1, ())
    devices.close()


async def test_a_paper_says_what_is_true_now_when_one_of_its_name_is_owed(paper: TcpPrinter) -> None:
    """Asked for again after the roll was changed, yesterday's balance never comes out; what else is owed does."""
    devices = plugged(paper.target)
    slips = Slips(devices)
    await slips.warm_up()
    paper.run_out_of_paper()
    await slips.print("0123-1-000001", lambda _columns: words("小票"))
    assert await slips.bring_out("balance-3", lambda _columns: words("昨天的余额")) in TROUBLE
    assert slips.owed == ("0123-1-000001", "balance-3")
    paper.load_paper()
    assert await slips.bring_out("balance-3", lambda _columns: words("今天的余额")) is None
    shown = "".join(paper.receipts)
    assert ("小票" in shown, "今天的余额" in shown, "昨天的余额" in shown, len(slips.owed)) == (True, True, False, 0)
    devices.close()


async def test_nothing_is_owed_when_no_printer_can_bring_it_out() -> None:
    """A desk without one is told so."""
    devices = plugged("")
    with pytest.raises(Refused, match="printer_missing"):
        await Slips(devices).bring_out("day-7", lambda _columns: words("一张"))
    devices.close()
