"""The slip printer as the desk uses it, over real wires to a simulated printer."""

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, get_ident
from typing import TYPE_CHECKING

import pytest

from kiosk.devices.printer import ports
from kiosk.devices.printer.dialogue import PrinterState
from kiosk.devices.printer.press import PrintJob
from kiosk.devices.printer.simulated import Condition, PtyPrinter, SimulatedPrinter, TcpPrinter, UsbPrinter
from kiosk.devices.printer.slip_printer import Outcome, SlipPrinter
from kiosk.errors import BadInput
from kiosk.locale import Texts
from kiosk.paper.elements import NARROW, Cut, Text
from kiosk.paper.slip import slip
from tests.kiosk.paper.contents import redemption

if TYPE_CHECKING:
    from array import array

pytestmark = pytest.mark.usefixtures("short_waits")
PRINTED_BYTES = 30
"""After two questions and the slip of ``job`` the knife has cut."""


def job(number: int) -> PrintJob:
    """A short slip."""
    return PrintJob(f"0123-1-{number:06}", (Text(f"第{number}单"), Text("请取小票"), Cut()))


@pytest.fixture(params=[PtyPrinter, TcpPrinter, UsbPrinter])
def paper(short_waits: None, request: pytest.FixtureRequest) -> Iterator[SimulatedPrinter]:
    """A printer at the end of a serial line, one on the network, one at the kernel's USB driver."""
    with request.param() as printer:
        yield printer


@pytest.fixture
def desk(paper: SimulatedPrinter) -> Iterator[SlipPrinter]:
    """The desk's side of that printer."""
    printer = SlipPrinter(paper.target)
    yield printer
    printer.close()


def test_a_slip_comes_out_whole_when_all_is_well(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """The redemption slip as printed is the redemption slip as laid out, barcode included."""
    elements = tuple(slip(redemption(), Texts("zh_CN"), NARROW))
    result = desk.print(PrintJob("0123-1-001204", elements)).result(5)
    assert (result.outcome, result.state, desk.owed) == (Outcome.PRINTED, PrinterState.READY, ())
    (receipt,) = paper.receipts
    assert "本次兑换                   134.5\n" in receipt
    assert "[2801232345678967]\n      2801 2323 4567 8967\n" in receipt


def test_slips_come_out_in_order_when_many_are_given_at_once(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """A queue of slips keeps its order and loses none."""
    futures = [desk.print(job(number)) for number in range(20)]
    assert [future.result(10).outcome for future in futures] == [Outcome.PRINTED] * 20
    assert [receipt.splitlines()[0] for receipt in paper.receipts] == [f"第{number}单" for number in range(20)]


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        (Condition.COVER_OPEN, PrinterState.COVER_OPEN),
        (Condition.OFFLINE, PrinterState.OFFLINE),
        (Condition.SILENT, PrinterState.SILENT),
        (Condition.MUTE, PrinterState.SILENT),
    ],
)
def test_slips_are_owed_when_the_printer_is_not_ready(
    paper: SimulatedPrinter, desk: SlipPrinter, condition: Condition, state: PrinterState
) -> None:
    """Nothing is sent to it, and every slip comes out once and in order when it is well again."""
    paper.become(condition)
    results = [future.result(10) for future in [desk.print(job(1)), desk.print(job(2))]]
    assert [(result.outcome, result.state) for result in results] == [(Outcome.OWED, state)] * 2
    assert desk.owed == (job(1), job(2))
    paper.become(Condition.READY)
    assert [result.outcome for result in desk.print_owed().result(10)] == [Outcome.PRINTED] * 2
    assert paper.receipts == ["第1单\n请取小票\n", "第2单\n请取小票\n"]
    assert desk.state is PrinterState.READY
    assert len(desk.owed) == 0


def test_owed_slips_come_out_first_when_the_next_sale_finds_paper(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """A slip printed after a failure is the first one and no copy, before the slip of the next sale."""
    paper.run_out_of_paper()
    assert desk.print(job(1)).result(5).state is PrinterState.PAPER_OUT
    paper.load_paper()
    assert desk.print(job(2)).result(5).outcome is Outcome.PRINTED
    assert paper.receipts == ["第1单\n请取小票\n", "第2单\n请取小票\n"]


def test_the_slip_is_owed_when_paper_ends_in_its_middle(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """A printer that took all bytes and stands still has not printed; afterwards the whole slip comes."""
    paper.run_out_of_paper(after_lines=1)
    result = desk.print(job(1)).result(5)
    assert (result.outcome, result.state) == (Outcome.OWED, PrinterState.PAPER_OUT)
    assert paper.unfinished.text == "第1单\n"
    paper.load_paper()
    assert desk.print_owed().result(5)[0].outcome is Outcome.PRINTED
    assert paper.receipts[-1] == "第1单\n请取小票\n"


def test_the_slip_stays_owed_when_paper_ends_again(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """A new roll of one line is no roll: the second attempt fails like the first."""
    paper.run_out_of_paper(after_lines=1)
    desk.print(job(1)).result(5)
    paper.load_paper()
    paper.run_out_of_paper(after_lines=1)
    assert desk.print_owed().result(5)[0].outcome is Outcome.OWED
    assert desk.owed == (job(1),)


@pytest.mark.parametrize("count", [0, 1, 3, 20, 30])
def test_the_slip_is_owed_when_the_cable_is_pulled(paper: SimulatedPrinter, desk: SlipPrinter, count: int) -> None:
    """After any byte: no exception, the slip is owed, and it comes out whole when the cable is back.

    What had come out before hangs from the printer; a slip that nobody could confirm may come twice and never less.
    """
    paper.unplug_after(count)
    assert desk.print(job(1)).result(10).outcome is Outcome.OWED
    paper.plug_in()
    assert desk.print_owed().result(10)[0].outcome is Outcome.PRINTED
    assert paper.receipts[-1].endswith("第1单\n请取小票\n")
    assert len(paper.receipts) == (2 if count >= PRINTED_BYTES else 1)


def test_a_printer_that_never_answers_is_believed_when_the_setting_says_so(paper: SimulatedPrinter) -> None:
    """With answers=no what the wire took counts as printed, without waiting for anything."""
    paper.become(Condition.MUTE)
    desk = SlipPrinter(f"{paper.target}&answers=no")
    assert desk.print(job(1)).result(5).outcome is Outcome.PRINTED
    assert desk.check().result(5) is PrinterState.READY
    desk.close()
    until = time.monotonic() + 2
    while not paper.receipts and time.monotonic() < until:
        time.sleep(0.01)
    assert paper.receipts == ["第1单\n请取小票\n"]


def test_the_state_is_told_when_somebody_asks(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """The desk can ask before the day begins."""
    assert desk.check().result(5) is PrinterState.READY
    paper.run_out_of_paper()
    assert desk.check().result(5) is PrinterState.PAPER_OUT
    paper.unplug_after(0)
    assert desk.check().result(5) is PrinterState.OFFLINE


def test_the_desk_goes_on_without_slips_when_told_to(paper: SimulatedPrinter, desk: SlipPrinter) -> None:
    """Forgotten slips are given back and never come out."""
    paper.run_out_of_paper()
    desk.print(job(1)).result(5)
    assert desk.forget_owed() == (job(1),)
    paper.load_paper()
    assert desk.print_owed().result(5) == ()
    assert paper.receipts == []


def test_nothing_waits_for_the_printer_when_it_hangs() -> None:
    """Giving a slip to a silent printer returns at once, on another thread than the one that prints."""
    changed, threads = Event(), set()

    def note() -> None:
        threads.add(get_ident())
        changed.set()

    with TcpPrinter() as paper:
        paper.become(Condition.SILENT)
        desk = SlipPrinter(paper.target, on_change=note)
        before = time.perf_counter()
        future = desk.print(job(1))
        assert time.perf_counter() - before < 0.1
        assert changed.wait(5)
        assert future.result(5).outcome is Outcome.OWED
        assert get_ident() not in threads
        desk.close()


def test_slips_stay_owed_when_the_desk_closes() -> None:
    """After closing every future still gets a result."""
    with TcpPrinter() as paper:
        desk = SlipPrinter(paper.target)
        desk.close()
        assert desk.print(job(1)).result(5).outcome is Outcome.OWED
        assert desk.print_owed().result(5) == ()
        assert desk.check().result(5) is PrinterState.OFFLINE


def test_a_slip_that_cannot_be_rendered_does_not_block_the_next_when_printed(
    paper: SimulatedPrinter, desk: SlipPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one slip is reported as such, logged, and the queue goes on."""
    broken = PrintJob("0123-1-000001", (Text(None),))  # type: ignore[arg-type]  # because the fault is the point
    assert desk.print(broken).result(5).outcome is Outcome.UNPRINTABLE
    assert desk.print(job(2)).result(5).outcome is Outcome.PRINTED
    assert len(paper.receipts) == 1


def test_slips_become_text_files_when_the_target_is_a_folder(tmp_path: Path) -> None:
    """One file a slip, named by its number; a copy gets a number behind it."""
    desk = SlipPrinter(f"text:{tmp_path / 'slips'}")
    elements = tuple(slip(redemption(), Texts("zh_CN"), NARROW))
    for _ in range(2):
        assert desk.print(PrintJob("0123-1-001204", elements)).result(5).outcome is Outcome.PRINTED
    desk.close()
    files = sorted(tmp_path.glob("slips/*"))
    assert [file.name for file in files] == ["0123-1-001204-2.txt", "0123-1-001204.txt"]
    assert "兑换后可兑换                65.5\n" in files[1].read_text("utf-8")


def test_the_slip_is_owed_when_the_folder_cannot_be_made(tmp_path: Path) -> None:
    """A file where the folder should be is like a missing printer."""
    (tmp_path / "slips").write_text("", "utf-8")
    desk = SlipPrinter(f"text:{tmp_path / 'slips'}")
    assert desk.check().result(5) is PrinterState.OFFLINE
    assert desk.print(job(1)).result(5).outcome is Outcome.OWED
    desk.close()


def test_nobody_waits_for_a_slip_when_there_is_no_printer() -> None:
    """Without a printer nothing is owed."""
    desk = SlipPrinter("none")
    result = desk.print(job(1)).result(5)
    assert (result.outcome, result.state, desk.owed) == (Outcome.NO_PRINTER, PrinterState.NONE, ())
    desk.close()


def test_a_device_file_is_written_and_read_when_it_is_a_printer() -> None:
    """The kernel's printer driver is a file that takes bytes and gives answers; a terminal behaves like it."""
    with PtyPrinter() as paper:
        desk = SlipPrinter(f"file:{paper.path}")
        assert desk.print(job(1)).result(5).outcome is Outcome.PRINTED
        paper.run_out_of_paper()
        assert desk.print(job(2)).result(5).state is PrinterState.PAPER_OUT
        desk.close()
        assert paper.receipts == ["第1单\n请取小票\n"]


@pytest.mark.parametrize("count", range(PRINTED_BYTES + 1))
def test_the_slip_is_owed_when_a_usb_printer_is_unplugged_after_any_byte(count: int) -> None:
    """Plugged in again it has another number, and is found all the same; what was owed comes out whole."""
    with UsbPrinter() as paper:
        desk = SlipPrinter(paper.target)
        paper.unplug_after(count)
        assert desk.print(job(1)).result(10).outcome is Outcome.OWED
        paper.plug_in()
        assert paper.path.name == "lp1"
        assert desk.print_owed().result(10)[0].outcome is Outcome.PRINTED
        desk.close()
        assert paper.receipts[-1].endswith("第1单\n请取小票\n")


def test_the_driver_is_asked_for_paper_when_a_usb_printer_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap printers answer no question, but the driver has their status byte; nothing is sent without paper."""
    status = 0x38

    def give_status(_file: int, request: int, answer: "array[int]") -> int:
        assert request == ports.ASK_STATUS
        answer[0] = status
        return 0

    monkeypatch.setattr(fcntl, "ioctl", give_status)
    with UsbPrinter() as paper:
        paper.become(Condition.MUTE)
        desk = SlipPrinter(f"{paper.target}&answers=no")
        result = desk.print(job(1)).result(5)
        assert (result.outcome, result.state) == (Outcome.OWED, PrinterState.PAPER_OUT)
        assert desk.check().result(5) is PrinterState.PAPER_OUT
        status = 0x18
        assert desk.print_owed().result(5)[0].outcome is Outcome.PRINTED
        desk.close()


def test_a_target_is_refused_at_once_when_it_means_nothing() -> None:
    """The setting is read when the desk starts and not with the first sale."""
    with pytest.raises(BadInput):
        SlipPrinter("lpt:1")
