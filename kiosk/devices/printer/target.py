"""Where slips go, as one line of the settings: ``serial:/dev/ttyUSB0?baud=9600``, ``text:slips``, ``none``.

| target            | meaning                                                             |
|-------------------|---------------------------------------------------------------------|
| serial:PATH       | serial printer or USB-serial cable                                  |
| usb:FOLDER        | the USB printer in a folder of device files, /dev/usb: lp0, lp1 ... |
| file:PATH         | one device file of the kernel's printer driver                      |
| tcp:HOST:PORT     | network printer, mostly port 9100                                   |
| text:FOLDER       | one text file a slip, for demo and for machines without a printer   |
| none              | no slips                                                            |

Options after ``?``, joined by ``&``: ``baud`` (serial, 9600 unless told), ``flow`` (serial: ``none``, ``rts``,
``xon``), ``columns`` (32 for 58 mm, 48 for 80 mm), ``charset`` (``gbk``, ``gb2312``), ``cut=no`` (tear-off edge),
``answers=no`` (a printer that never answers questions: what it took counts as printed).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import parse_qsl

from kiosk.devices.printer.escpos import Charset
from kiosk.errors import BadInput
from kiosk.paper.elements import NARROW, WIDE


class Kind(Enum):
    """What kind of place a target is."""

    SERIAL = "serial"
    USB = "usb"
    FILE = "file"
    TCP = "tcp"
    TEXT = "text"
    NONE = "none"


class Flow(Enum):
    """How a serial printer says that its memory is full."""

    NONE = "none"
    RTS = "rts"
    XON = "xon"


@dataclass(frozen=True)
class Target:
    """One line of settings, read; ``address`` is a path, a folder or a host, ``port`` only for TCP."""

    kind: Kind
    address: str = ""
    port: int = 0
    baud: int = 9600
    flow: Flow = Flow.NONE
    columns: int = NARROW
    charset: Charset = Charset.GBK
    cuts: bool = True
    answers: bool = True


_PORTS: Final = range(1, 65536)
_YES: Final = {"yes": True, "no": False}


def read_target(text: str) -> Target:
    """Read a target. Raises BadInput ``printer_target_invalid`` with the text if it means nothing."""
    place, _, options = text.strip().partition("?")
    kind, _, address = place.partition(":")
    try:
        return _target(Kind(kind.strip().lower()), address, dict(parse_qsl(options, strict_parsing=bool(options))))
    except (ValueError, KeyError) as error:
        raise BadInput("printer_target_invalid", target=text) from error


def _target(kind: Kind, address: str, options: dict[str, str]) -> Target:
    if (kind is Kind.NONE) == bool(address) or options.keys() - _OPTIONS:
        raise ValueError(address)
    host, port = _host_and_port(address) if kind is Kind.TCP else (address, 0)
    return Target(
        kind=kind,
        address=host,
        port=port,
        baud=int(options.get("baud", "9600")),
        flow=Flow(options.get("flow", "none")),
        columns={"32": NARROW, "48": WIDE}[options.get("columns", "32")],
        charset=Charset(options.get("charset", "gbk")),
        cuts=_YES[options.get("cut", "yes")],
        answers=_YES[options.get("answers", "yes")],
    )


_OPTIONS: Final = frozenset({"baud", "flow", "columns", "charset", "cut", "answers"})


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or int(port) not in _PORTS:
        raise ValueError(address)
    return host.strip("[]"), int(port)
