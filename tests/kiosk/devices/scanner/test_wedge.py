"""A scanner that types is told from a hand by the stamps of its presses, whatever comes and however late."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key

from kiosk.codes import Goods, Unknown, read_code
from kiosk.devices.scanner.scan import LONGEST, Scan, Wire, is_kept
from kiosk.devices.scanner.wedge import Press, Wedge, WedgeSettings

SALT = "6990103300302"
SOAP = "6990102200207"
TERMINATORS = {"enter", "tab", "ctrl+j"}
GAP = 0.05


def keys(text: str) -> list[tuple[str, str | None]]:
    """Name and character of every key that the terminal's own parser makes of some typed text."""
    parser = XTermParser()
    events = [event for character in text for event in parser.feed(character)]
    return [(event.key, event.character) for event in events if isinstance(event, Key)]


def burst(text: str, start: float = 1.0, spacing: float = 0.001) -> list[Press]:
    """The presses of a text typed at one pace."""
    return [Press(name, character, start + n * spacing) for n, (name, character) in enumerate(keys(text))]


def fed(presses: list[Press], settings: WedgeSettings | None = None) -> list[Scan | Press]:
    """Everything a wedge gives for some presses, all delivered late in one lump, and for the quiet after them."""
    wedge = Wedge(settings)
    out = [item for press in presses for item in wedge.press(press)]
    return out + wedge.settle(presses[-1].time + 1.0)


def texts(out: list[Scan | Press]) -> list[str]:
    """The texts of scans, and the names of keys in angle brackets."""
    return [item.text if isinstance(item, Scan) else f"<{item.name}>" for item in out]


@pytest.mark.parametrize("spacing", [0.0, 0.001, 0.008, 0.016, 0.03])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", "\r\r", "\r\n\r\n", ""])
def test_one_scan_comes_out_when_a_code_is_typed_fast(end: str, spacing: float) -> None:
    """Any terminator, doubled or missing, at any pace of a real scanner."""
    presses = burst(SALT + end, spacing=spacing)
    assert texts(fed(presses)) == [SALT]


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_the_scan_is_there_at_once_when_its_terminator_arrives(end: str) -> None:
    """The till does not wait for the gap; the scan carries the stamp of its last key."""
    wedge = Wedge()
    *first, last = burst(SALT + end)
    assert [item for press in first for item in wedge.press(press)] == []
    assert wedge.press(last) == [Scan(SALT, Wire.WEDGE, None, last.time)]
    assert wedge.deadline is None


def test_a_scan_without_terminator_comes_when_it_has_been_quiet_for_the_gap() -> None:
    """The deadline is one gap after the last key, and not earlier."""
    wedge = Wedge()
    presses = burst(SALT)
    assert [item for press in presses for item in wedge.press(press)] == []
    assert wedge.deadline == presses[-1].time + GAP
    assert wedge.settle(presses[-1].time + GAP - 0.001) == []
    assert wedge.settle(presses[-1].time + GAP) == [Scan(SALT, Wire.WEDGE, None, presses[-1].time)]
    assert wedge.settle(presses[-1].time + 1) == []


def test_a_scan_without_terminator_comes_when_the_next_key_is_later_than_the_gap() -> None:
    """Keys delivered in one lump need no clock at all."""
    presses = burst(SALT) + burst("7", start=2.0)
    assert texts(fed(presses)) == [SALT, "<7>"]


@pytest.mark.parametrize("text", ["12", "7\r", "plus", "\r", "\t", "3\t\t", "abcdefgh\r"])
@pytest.mark.parametrize("pause", [0.051, 0.06, 0.2])
def test_keys_come_out_as_keys_when_a_hand_types_them(text: str, pause: float) -> None:
    """Digits, letters, Enter and Tab with human pauses are no scan, in order and none twice."""
    presses = burst(text, spacing=pause)
    assert fed(presses) == presses


@pytest.mark.parametrize("text", ["1", "12\r", "123", "123\r", "\r\n", "\x1b[A\x1b[B"])
def test_keys_come_out_as_keys_when_there_are_too_few_for_a_scan(text: str) -> None:
    """Two fingers at once are still a hand."""
    presses = burst(text)
    assert fed(presses) == presses


def test_a_key_waits_no_longer_than_the_gap_when_it_is_alone() -> None:
    """What a person sees of their own typing is late by the gap at most."""
    wedge = Wedge()
    press = Press("5", "5", 10.0)
    assert wedge.press(press) == []
    assert wedge.deadline == 10.0 + GAP
    assert wedge.settle(10.0 + GAP) == [press]
    assert wedge.deadline is None


@pytest.mark.parametrize("name", ["ctrl+q", "ctrl+c", "ctrl+p", "up", "f1", "escape", "backspace", "shift+tab"])
def test_a_named_key_comes_out_when_a_person_presses_it(name: str) -> None:
    """Chords and keys without a character belong to the person."""
    press = Press(name, None, 3.0)
    assert fed([press]) == [press]


@pytest.mark.parametrize("name", ["backspace", "down", "enter"])
@pytest.mark.parametrize("period", [0.021, 0.033, 0.04])
def test_a_key_repeats_when_a_person_holds_it_down(name: str, period: float) -> None:
    """A keyboard repeats thirty times a second, faster than the gap: still keys, each late by one repeat at most."""
    presses = [Press(name, None, 1.0 + n * period) for n in range(40)]
    wedge = Wedge()
    out = [wedge.press(press) for press in presses]
    assert out == [[], *([press] for press in presses[:-1])]
    assert wedge.settle(9.0) == presses[-1:]


@pytest.mark.parametrize(
    "control", ["\x11", "\x03", "\x10", "\x1a", "\x1b", "\x00", "\x7f", "\x08", "\x1b[A", "\x1bOP"]
)
@pytest.mark.parametrize("place", ["{}" + SALT, "6990103{}300302", SALT + "{}"])
def test_no_control_key_comes_out_when_a_code_carries_one(place: str, control: str) -> None:
    """A barcode may hold Ctrl+Q: it quits nothing, wherever it stands, and the code is still read."""
    out = fed(burst(place.format(control) + "\r"))
    assert not [item for item in out if isinstance(item, Press)]
    if control.isprintable() is False and "\x1b" not in control:
        assert texts(out) == [SALT]


@pytest.mark.parametrize("control", ["\x11", "\x03", "\x10\x11", "\x1b[A", "\r", "\r\n", "\x00\t"])
def test_nothing_comes_out_when_a_scanner_sends_only_control_characters(control: str) -> None:
    """A burst of chords without a single character is neither a scan nor a key."""
    assert fed(burst(control * 40)) == []


def test_the_group_separator_is_kept_when_a_carton_is_scanned() -> None:
    """It ends the elements of variable length and is a key of its own on the wire."""
    text = "010699010330030210A\x1d15261231"
    (scan,) = fed(burst("]C1" + text + "\r"))
    assert scan == Scan(text, Wire.WEDGE, "]C1", scan.at)  # type: ignore[union-attr] # because the burst is one scan
    assert read_code(text, "]C1") == Goods("06990103300302", best_before="2026-12-31")


def test_a_code_is_whole_when_an_input_method_makes_its_digits_wide() -> None:
    """Full-width digits are a scan like any other."""
    wide = SALT.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    (scan,) = fed(burst(wide + "\r"))
    assert isinstance(scan, Scan)
    assert read_code(scan.text) == read_code(SALT)


@pytest.mark.parametrize("text", ["张三丰李四", "清扫村道，两小时。", "阿依古丽·买买提"])
@pytest.mark.parametrize("end", ["", "\r"])
def test_a_phrase_comes_out_as_keys_when_an_input_method_commits_it(text: str, end: str) -> None:
    """Chinese comes many characters at once, and no scanner types it."""
    presses = burst(text + end, spacing=0.0)
    assert fed(presses) == presses


def test_a_phrase_is_a_scan_when_it_is_longer_than_a_hand_writes_at_once() -> None:
    """Noise that decodes as Chinese is bounded like any other."""
    assert texts(fed(burst("云" * 500, spacing=0.0))) == ["云" * LONGEST]


@pytest.mark.parametrize("spacing", [0.0, 0.005, 0.02, 0.05, 0.1])
def test_five_thousand_scans_come_out_when_they_follow_each_other(spacing: float) -> None:
    """None lost, none merged, none repeated, in order, though all are delivered in one lump."""
    codes = [f"{random.Random(number).randrange(10**13):013}" for number in range(5000)]
    presses, at = [], 1.0
    for code in codes:
        presses += burst(code + "\r", start=at, spacing=0.0005)
        at = presses[-1].time + spacing
    assert texts(fed(presses)) == codes


def test_two_scans_come_out_when_two_scanners_answer_in_the_same_instant() -> None:
    """One terminator is all that parts them."""
    assert texts(fed(burst(f"{SALT}\r{SOAP}\r", spacing=0.0))) == [SALT, SOAP]


def test_scan_and_keys_stay_in_order_when_a_hand_types_around_it() -> None:
    """Quantity, goods, confirm: what was pressed first comes first."""
    presses = [*burst("3", 1.0), *burst(SALT + "\r", 1.2), *burst("+", 1.4)]
    assert texts(fed(presses)) == ["<3>", SALT, "<plus>"]


@pytest.mark.parametrize("size", [200, 10_000])
def test_one_cut_scan_comes_out_when_a_burst_does_not_end(size: int) -> None:
    """What is too long is never keys and never a code, even if a code stands at its front."""
    (scan,) = fed(burst(SALT * (size // 13), spacing=0.0))
    assert isinstance(scan, Scan)
    assert len(scan.text) == LONGEST
    assert isinstance(read_code(scan.text), Unknown)


@pytest.mark.parametrize("front", ["]E0", "~", "~]C1"])
def test_a_cut_scan_is_unknown_when_an_identifier_or_prefix_stood_before_it(front: str) -> None:
    """Taking something off the front does not make room for a code."""
    code = "0106990103300302" + "21" + "7" * 500
    (scan,) = fed(burst(front + code + "\r"), WedgeSettings(prefix="~"))
    assert isinstance(scan, Scan)
    assert len(scan.text) == LONGEST
    assert isinstance(read_code(scan.text, scan.symbology), Unknown)


@pytest.mark.parametrize("seed", range(5))
def test_only_unknown_scans_come_out_when_ten_kilobytes_of_rubbish_arrive(seed: int) -> None:
    """Random bytes at scanner speed: no key, no quantity, no quit."""
    noise = random.Random(seed).randbytes(10_000).decode("latin-1")
    out = fed(burst(noise, spacing=0.0002))
    assert out
    assert all(isinstance(item, Scan) and isinstance(read_code(item.text, item.symbology), Unknown) for item in out)


def test_short_codes_are_scans_when_they_follow_at_scanner_speed() -> None:
    """A fragment between two terminators never becomes a quantity."""
    assert texts(fed(burst("12\r34\r5\r", spacing=0.0))) == ["12", "34", "5"]


def test_the_prefix_makes_a_scan_when_the_code_is_short() -> None:
    """A scanner that announces itself needs no four characters."""
    settings = WedgeSettings(prefix="\x02")
    assert texts(fed(burst("\x0212\r"), settings)) == ["12"]
    assert texts(fed(burst("\x02" + SALT), settings)) == [SALT]
    assert texts(fed(burst("12\r"), settings)) == ["<1>", "<2>", "<enter>"]


def test_the_suffix_ends_a_scan_when_it_is_set() -> None:
    """A desk whose scanners end with a character of their own, with or without Enter behind it."""
    settings = WedgeSettings(suffix="#")
    assert texts(fed(burst(f"{SALT}#{SOAP}#\r", spacing=0.0), settings)) == [SALT, SOAP]
    assert texts(fed(burst("#"), settings)) == ["<number_sign>"]


def test_keys_are_apart_when_the_clock_was_set_back() -> None:
    """A stamp from another time belongs to another run."""
    presses = [*burst("12", 100.0), *burst("34", 1.0)]
    assert fed(presses) == presses


@pytest.mark.parametrize("faulty", [{"gap": 0.0}, {"gap": -1.0}, {"shortest": 1}, {"prefix": "ab"}, {"suffix": "\r\n"}])
def test_settings_are_refused_when_they_cannot_tell_a_scan(faulty: dict[str, float | str]) -> None:
    """A gap of nothing or a scan of one key would take every key for a scan."""
    with pytest.raises(ValueError, match=r"gap|prefix"):
        WedgeSettings(**faulty)  # type: ignore[arg-type] # because the faulty value is the point


KEYS = st.sampled_from(
    [*keys("0123456789aB]+ \r\n\t\x1d\x11\x03\x7f云１"), ("up", None), ("f1", None), ("escape", "\x1b"), ("alt+5", "5")]
)
PAUSES = st.sampled_from([0.0, 0.001, 0.01, 0.025, 0.04, 0.06, 0.2])


@given(
    st.lists(st.tuples(KEYS, PAUSES), min_size=1, max_size=60),
    st.sampled_from(["", "between"]),
    st.sampled_from(["", "1", "\x03"]),
)
def test_every_press_comes_out_once_when_anything_is_typed(
    typed: list[tuple[tuple[str, str | None], float]], settles: str, prefix: str
) -> None:
    """In order: in a scan, as itself, or dropped because it carries no text. Nothing else comes out."""
    wedge = Wedge(WedgeSettings(prefix=prefix))
    fed_in, out, at = [], [], 1.0
    for (name, character), pause in typed:
        at += pause
        if settles:
            out += wedge.settle(at)
        fed_in.append(Press(name, character, at))
        out += wedge.press(fed_in[-1])
        assert wedge.deadline is None or wedge.deadline <= at + GAP
    out += wedge.settle(at + 1)
    assert wedge.deadline is None
    assert_accounted(fed_in, out, prefix)


def assert_accounted(fed_in: list[Press], out: list[Scan | Press], prefix: str) -> None:
    """Walks both sides together: every press of the input is found once, and only empty ones are passed over."""
    waiting = iter(fed_in)
    for item in out:
        if isinstance(item, Press):
            assert item is next(press for press in waiting if press is item or not may_be_dropped(press, prefix))
            continue
        for character in (item.symbology or "") + item.text:
            press = next(each for each in waiting if adds(each, character) or not may_be_dropped(each, prefix))
            assert press.character == character
    assert all(may_be_dropped(press, prefix) for press in waiting)


def adds(press: Press, character: str) -> bool:
    """Whether a press inside a scan can be this character of its text."""
    return press.character == character and (character == "\x1d" or "+" not in press.name)


def may_be_dropped(press: Press, prefix: str) -> bool:
    """Whether a press inside a scan may be missing in its text."""
    if press.name in TERMINATORS or press.character is None or press.character == prefix:
        return True
    return not is_kept(press.character) or not adds(press, press.character)
