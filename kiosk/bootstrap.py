"""Builds a station: the only place that wires store, clock, devices, texts and settings together.

Nothing heavy is imported before ``Keeper`` is asked to open or make a store: the first frame stands by then.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.clock import Clock, SystemClock
from kiosk.continuation import go_on_in_next_log
from kiosk.demo.plan import DemoPlan
from kiosk.errors import BadInput, NotWritable, Refused
from kiosk.hold import share
from kiosk.locale import Texts
from kiosk.settings import Settings, load_settings, save_settings
from kiosk.station import Operator, Signal, Station

if TYPE_CHECKING:
    from db.line import Stamp
    from db.progress import Advance
    from db.store import Store
    from kiosk.devices.printer.slip_printer import SlipPrinter
    from kiosk.devices.scanner.scan import Scan
    from kiosk.devices.scanner.serial import PortReport, SerialScanner
    from kiosk.devices.sound import Player
    from kiosk.hold import Hold
    from kiosk.restore import Restored, Signer
    from kiosk.store_care import Looked

STORE_FILE: Final = "store.db"
# A setting that takes whichever USB scanner is plugged in.
ANY_PORT: Final = "auto"


def build_station(home: Path) -> Station:
    """Build the station of the data folder ``home``, which is made if it is not there.

    Settings that cannot be read are the defaults, and what is wrong with them stands in ``station.trouble``.
    Raises NotWritable ``home_not_writable``.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        clock = SystemClock(home)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home)) from error
    trouble: Refused | None = None
    try:
        settings = load_settings(home)
    except BadInput as refused:
        settings, trouble = Settings(), refused
    texts = Texts(settings.language)
    keeper = Keeper(home, clock, lambda: texts("common.first_operator"))
    return Station(home, clock, texts, settings, PluggedDevices(settings), keeper, trouble=trouble)


def build_practice(home: Path) -> Station:
    """Build the station of the practice desk beside the data folder ``home``, laid out anew; somebody has the desk.

    It is set as the real one is, and never locks. Raises Refused.
    """
    from kiosk.coach import Coach
    from kiosk.demo.practice import make_practice, practice_home

    real = build_station(home)
    real.close()
    folder = practice_home(home)
    papers = make_practice(folder, real.clock, real.texts)
    save_settings(folder, real.settings.changed(village_name="", lock_minutes=0))
    station = build_station(folder)
    station.coach = Coach(papers)
    station.operator = Operator(papers.learner, station.texts("practice.learner"), "attendant")
    station.day = papers.day
    return station


class Keeper:
    """Opens and makes the store of one data folder."""

    def __init__(self, home: Path, clock: Clock, first_operator: Callable[[], str]) -> None:
        """Keep the store of ``home``; ``first_operator`` names who may act before anybody was added."""
        self._home = home
        self._clock = clock
        self._first_operator = first_operator
        self._hold: Hold | None = None
        self.demo = DemoPlan()

    def exists(self) -> bool:
        """Say whether there is a store, by its file."""
        return (self._home / STORE_FILE).exists()

    def open(self) -> "Store":
        """Open the store and hold its folder; one whose first facts a power cut left out gets them now."""
        from db.engine import open_sqlite
        from db.store import open_store

        if self._hold is None:
            self._hold = share(self._home)
        return self._begun(open_store(open_sqlite(self._home / STORE_FILE), continuation=go_on_in_next_log))

    def create(self, village: int) -> "Store":
        """Make an empty store of ``village`` with its log, the seat and a first operator."""
        from kiosk.store_care import create_file

        create_file(self._home, village)
        return self.open()

    def restore(self, backup: Path, signer: "Signer", now: "Stamp", advance: "Advance") -> "Restored":
        """Put a backup in place of the store, which is closed; the folder is held alone meanwhile."""
        from kiosk.restore import restore_backup

        self.close()
        return restore_backup(self._home, backup, signer, now=now, advance=advance)

    def look(self) -> "Looked":
        """Check the store on a copy, and keep the copy as a backup if anything happened.

        In a process of its own: a scan that comes meanwhile must not wait for Python. Raises Refused.
        """
        from kiosk.store_care import look_apart

        return look_apart(self._home)

    def close(self) -> None:
        """Let go of the folder."""
        if self._hold is not None:
            self._hold.let_go()
            self._hold = None

    def create_demo(self, advance: "Advance") -> "Store":
        """Make the demo village and live its year."""
        from kiosk.demo.village import make_demo

        make_demo(self._home, self.demo, advance)
        return self.open()

    def explain(self, error: Exception) -> Refused | None:
        """Give the refusal for what goes wrong in a store or on its disk."""
        from kiosk.store_care import explain_failure

        return explain_failure(error)

    def _begun(self, store: "Store") -> "Store":
        from db.journal import heads
        from db.store import StoreError, is_log_ended, own_log

        with store.read() as connection:
            log = own_log(connection, store.village)
            has_begun = log in heads(connection, store.village, log)
            is_ended = is_log_ended(connection, store.village)
        if is_ended:
            with suppress(Refused, StoreError):  # nobody has asked for anything; who does is told
                go_on_in_next_log(store, self._clock.now(), None)
        if not has_begun:
            from kiosk.domain.village import begin_village

            begin_village(store, self._first_operator(), now=self._clock.now())
        return store


class PluggedDevices:
    """The devices the settings name; each is opened when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        """Remember what is plugged in where."""
        self._settings = settings
        self._scanner: SerialScanner | None = None
        self._scanner_is_there = False
        self._slip_printer: SlipPrinter | None = None
        self._sound_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")
        self._player: Player | None = None
        self._bell: Callable[[], None] = lambda: None

    @property
    def scanner_state(self) -> str:
        """Say how the scanner is."""
        if not self._settings.scanner_port:
            return "wedge"
        return "ready" if self._scanner_is_there else "missing"

    @property
    def printer_state(self) -> str:
        """Say how the slip printer is: `waiting` if there is one that nobody has needed yet."""
        if self._slip_printer is not None:
            return self._slip_printer.state.value
        return "none" if self._settings.slip_printer in ("", "none") else "waiting"

    @property
    def slip_printer(self) -> "SlipPrinter | None":
        """Give the slip printer the settings name. Raises BadInput for a target nobody knows."""
        if self._slip_printer is None and self._settings.slip_printer:
            from kiosk.devices.printer.slip_printer import SlipPrinter

            self._slip_printer = SlipPrinter(self._settings.slip_printer)
        return self._slip_printer

    def sound(self, signal: Signal) -> None:
        """Sound a tone on a thread of its own: starting a player takes longer than a scan may wait."""
        self._sound_thread.submit(self._play, signal)

    def use(self, settings: Settings) -> None:
        """Follow changed settings; scanner and printer follow at the next start."""
        self._settings, self._player = settings, None

    def listen(self, heard: "Callable[[Scan], None]", bell: Callable[[], None]) -> None:
        """Start the serial scanner, if the settings name a port."""
        self._bell = bell
        port = self._settings.scanner_port
        if not port:
            return
        from kiosk.devices.scanner.serial import SerialScanner, first_usb_port, named_port

        chooser = first_usb_port() if port == ANY_PORT else named_port(Path(port))
        self._scanner = SerialScanner(chooser, heard, self._note)
        self._scanner.start()

    def close(self) -> None:
        """Stop the threads of sound, scanner and printer."""
        self._sound_thread.shutdown(wait=False, cancel_futures=True)
        if self._scanner is not None:
            self._scanner.stop()
        if self._slip_printer is not None:
            self._slip_printer.close()

    def _play(self, signal: Signal) -> None:
        from kiosk.devices.sound import Loudness, Player, Tone

        if self._player is None:
            self._player = Player(self._bell, loudness=Loudness(self._settings.sound))
        self._player.play(Tone[signal.name])

    def _note(self, report: "PortReport") -> None:
        from kiosk.devices.scanner.serial import PortState

        self._scanner_is_there = report.state in {PortState.CONNECTED, PortState.HANDLER_FAILED}
