"""Where slips go, read from one line of the settings."""

import pytest

from kiosk.devices.printer.escpos import Charset
from kiosk.devices.printer.target import Flow, Kind, Target, read_target
from kiosk.errors import BadInput
from kiosk.locale import LANGUAGES, Texts


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("none", Target(Kind.NONE)),
        ("serial:/dev/ttyUSB0", Target(Kind.SERIAL, "/dev/ttyUSB0")),
        ("serial:/dev/ttyUSB0?baud=19200&flow=rts", Target(Kind.SERIAL, "/dev/ttyUSB0", baud=19200, flow=Flow.RTS)),
        ("file:/dev/usb/lp0?columns=48", Target(Kind.FILE, "/dev/usb/lp0", columns=48)),
        ("usb:/dev/usb?answers=no", Target(Kind.USB, "/dev/usb", answers=False)),
        ("tcp:192.168.1.9:9100?charset=gb2312", Target(Kind.TCP, "192.168.1.9", 9100, charset=Charset.GB2312)),
        ("tcp:[::1]:9100?cut=no&answers=no", Target(Kind.TCP, "::1", 9100, cuts=False, answers=False)),
        (" text:slips ", Target(Kind.TEXT, "slips")),
    ],
)
def test_a_target_is_read_when_it_is_well_written(text: str, target: Target) -> None:
    """Every kind of place and every option."""
    assert read_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lpt:1",
        "usb:",
        "serial:",
        "none:x",
        "tcp:host",
        "tcp:host:0",
        "tcp::9100",
        "tcp:host:99999",
        "serial:/dev/x?baud=fast",
        "serial:/dev/x?columns=40",
        "serial:/dev/x?cut=maybe",
        "serial:/dev/x?speed=9600",
        "serial:/dev/x?baud",
    ],
)
def test_a_target_is_refused_when_it_means_nothing(text: str) -> None:
    """A misspelt option is refused and not ignored: the installer sees it before the first sale."""
    with pytest.raises(BadInput) as caught:
        read_target(text)
    assert caught.value.code == "printer_target_invalid"
    assert caught.value.parameters == {"target": text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_refusal_quotes_the_setting_when_shown(language: str) -> None:
    """Both languages have words for it."""
    shown = Texts(language).refusal(BadInput("printer_target_invalid", target="lpt:1"))
    assert "lpt:1" in shown.reason
    assert shown.next
