"""The form of a line and of the two export files: whatever breaks it is found."""

import json

import pytest

from tests.oracle.desk import SALT, Ledger, entity, fact, file_of, hash_of, header, written
from tests.oracle.lines import parse_line
from tests.oracle.strict import BrokenError, Json
from tests.oracle.verdict import recompute

OPENED = ("day_opened", {"day": "2026-11-22"})
PLAIN = fact(1, *OPENED)


def codes(verdict: Json) -> list[str]:
    """The codes of all faults."""
    return [fault["code"] for fault in verdict["faults"]]


def nested(levels: int) -> bytes:
    """A line whose outermost object is the first of `levels`."""
    value: object = 1
    for _ in range(levels - 2):
        value = [value]
    return fact(1, "later", {"x": value})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (PLAIN.replace(b'"boot":1', b'"boot":1.0'), "float"),
        (PLAIN.replace(b'"boot":1', b'"boot":1e2'), "float"),
        (PLAIN.replace(b'"boot":1', b'"boot":NaN'), "float"),
        (PLAIN.replace(b'"boot":1', b'"boot":9007199254740992'), "number_too_large"),
        (PLAIN.replace(b'"boot":1', b'"boot":-9007199254740992'), "number_too_large"),
        (PLAIN.replace(b'"boot":1', b'"boot":true'), "header"),
        (PLAIN.replace(b'"boot":1', b'"boot":1,"boot":1'), "repeated_key"),
        (PLAIN.replace(b'{"day":', b'{"day":"2026-11-21","day":'), "repeated_key"),
        (PLAIN.replace(b'"boot":1,"mono":5', b'"mono":5,"boot":1'), "header"),
        (PLAIN.replace(b',"private":null', b""), "header"),
        (PLAIN.replace(b'"private":null', b'"private":null,"more":1'), "header"),
        (PLAIN.replace(b'"v":1', b'"v":2'), "header"),
        (PLAIN.replace(b'"seq":1', b'"seq":0'), "header"),
        (PLAIN.replace(b'"log":7', b'"log":1048576'), "header"),
        (PLAIN.replace(b'"clock":"f"', b'"clock":"x"'), "header"),
        (PLAIN.replace(b'"ref":[0,0]', b'"ref":[0]'), "header"),
        (PLAIN.replace(b'"day":null', b'"day":"22.11.2026"'), "header"),
        (PLAIN.replace(b'"private":null', b'"private":"' + b"AB" * 32 + b'"'), "header"),
        (PLAIN.replace(b"2026-11-22", b"\\u0000"), "text_broken"),
        (PLAIN.replace(b"2026-11-22", b"\\ud83d"), "text_broken"),
        (PLAIN.replace(b"2026-11-22", b"\xff"), "not_utf8"),
        (PLAIN.replace(b"2026-11-22", b"a\rb"), "control_character"),
        (b"\xef\xbb\xbf" + PLAIN, "not_json"),
        (PLAIN[:-1], "not_json"),
        (b"[]", "header"),
        (nested(17), "nested_too_deep"),
        (b"[" * 16_000, "not_json"),
        (fact(1, "later", {"x": "y" * 16_384}), "line_too_long"),
    ],
)
def test_a_line_is_refused_when_it_breaks_the_format(raw: bytes, code: str) -> None:
    """Each rule of the page has a code of its own, and the unbroken line has none."""
    with pytest.raises(BrokenError) as refused:
        parse_line(raw)
    assert refused.value.code == code
    assert parse_line(PLAIN).id == entity(7, 1)


def test_a_line_is_read_when_it_stands_at_the_limits() -> None:
    """The largest numbers, the deepest nesting and the longest line of the page are allowed."""
    largest = header(2**33 - 1, "later", {"n": -(2**53 - 1)}, log=2**20 - 1, turn=2**53 - 1)
    assert parse_line(written(largest)).id == 2**53 - 1
    assert parse_line(nested(16)).body
    filling = 16 * 1024 - len(fact(1, "later", {"x": ""}))
    assert len(parse_line(fact(1, "later", {"x": "y" * filling})).raw) == 16 * 1024


def test_a_four_byte_name_is_kept_when_it_stands_in_a_line() -> None:
    """Rare characters are characters."""
    assert parse_line(fact(1, "later", {"x": "𠮷野"})).body == {"x": "𠮷野"}


def test_the_hash_of_each_log_is_told_when_the_chain_is_whole() -> None:
    """SHA-256 over the previous hash and the line, from 32 zero bytes, log by log."""
    ledger = Ledger()
    for log in (9, 7):
        for day in ("2026-11-22", "2026-11-23"):
            ledger.add("day_opened", log=log, day=day)
            ledger.add("day_closed", log=log, day=day, opened=entity(log, 1 if day.endswith("22") else 3))
    verdict = recompute(ledger.file())
    expected = hash_of(ledger.lines[123, 9, seq] for seq in range(1, 5))
    assert verdict["heads"][1] == {"village": 123, "log": 9, "seq": 4, "hash": expected}
    assert verdict["faults"] == []


@pytest.mark.parametrize(
    ("seqs", "turns", "expected"),
    [
        ((1, 2, 3), (1, 2, 9), []),
        ((1, 3), (1, 3), ["chain_gap"]),
        ((2, 3), (2, 3), ["chain_gap"]),
        ((1, 2, 3), (1, 5, 5), ["turn_not_rising"]),
        ((1, 2, 3), (3, 2, 1), ["turn_not_rising", "turn_not_rising"]),
        ((1, 3, 2), (1, 3, 2), ["not_sorted"]),
    ],
)
def test_a_broken_chain_is_found_when_lines_are_missing_or_turned(
    seqs: tuple[int, ...], turns: tuple[int, ...], expected: list[str]
) -> None:
    """A log runs from seq 1 without a gap and its turns rise."""
    lines = [fact(seq, "later", {}, turn=turn) for seq, turn in zip(seqs, turns, strict=True)]
    assert codes(recompute(file_of(lines))) == expected


def test_no_hash_is_told_beyond_a_gap_when_a_line_is_missing() -> None:
    """What stands behind a gap proves nothing."""
    verdict = recompute(file_of([PLAIN, fact(3, "later", {})]))
    assert [(head["seq"], head["hash"]) for head in verdict["heads"]] == [(1, hash_of([PLAIN]))]


def test_a_place_is_read_once_when_it_is_written_twice() -> None:
    """The same line twice is one line; two lines for one place are a contradiction, and the first counts."""
    other = fact(1, "day_opened", {"day": "2026-11-23"})
    for second, code in ((PLAIN, "line_repeated"), (other, "line_contradicted")):
        verdict = recompute(file_of([PLAIN, second]))
        assert codes(verdict) == [code]
        assert verdict["lines"] == 1
        assert verdict["villages"][0]["logs"][0]["open_day"] == "2026-11-22"


def test_every_flipped_bit_of_a_line_is_found_when_its_hash_is_known() -> None:
    """A change that leaves good JSON behind shows against a hash that somebody kept, and any other shows by itself."""
    lines = [PLAIN, fact(2, "later", {"x": 1})]
    known = written({"village": 123, "log": 7, "seq": 2, "hash": hash_of(lines)}) + b"\n"
    assert codes(recompute(file_of(lines), hashes=known)) == []
    for place in range(len(PLAIN)):
        flipped = bytearray(PLAIN)
        flipped[place] ^= 1
        found = codes(recompute(file_of([bytes(flipped), lines[1]]), hashes=known))
        assert {"hash_differs", "hash_not_reached", "line_contradicted"} & set(found)


def test_a_cut_journal_is_found_when_a_later_hash_is_known() -> None:
    """A log that lost its end is whole in itself; only somebody who saw more can tell."""
    known = written({"village": 123, "log": 7, "seq": 2, "hash": "0" * 64}) + b"\n"
    assert codes(recompute(file_of([PLAIN]), hashes=known)) == ["hash_not_reached"]


def test_a_list_of_hashes_is_refused_when_it_is_no_list_of_hashes() -> None:
    """A known hash that cannot be read is said, not skipped."""
    assert codes(recompute(file_of([PLAIN]), hashes=b'{"log":7}\n')) == ["hash_broken"]


def test_a_broken_line_is_told_by_its_number_when_the_rest_is_good() -> None:
    """One bad line hides nothing: the others are still read, and the gap it leaves is named."""
    verdict = recompute(file_of([PLAIN, b"rubbish", fact(3, "later", {})]))
    assert codes(verdict) == ["line_broken", "chain_gap"]
    assert verdict["faults"][0]["detail"].startswith("line 2 of the file: not_json")


def test_a_cut_file_is_found_when_its_last_line_has_no_end() -> None:
    """Every line of an export ends with LF."""
    assert codes(recompute(PLAIN)) == ["file_cut"]
    assert codes(recompute(b"")) == []


@pytest.mark.parametrize("raw", [PLAIN.replace(b",", b", ", 1), PLAIN.replace(b"day_opened", b"day\\u005fopened")])
def test_a_line_is_told_when_its_writer_was_not_plain(raw: bytes) -> None:
    """Spaces and needless escapes are the writer's fault; the line still counts."""
    verdict = recompute(file_of([raw]))
    assert codes(verdict) == ["line_not_plain"]
    assert verdict["villages"][0]["logs"][0]["open_day"] == "2026-11-22"


def test_a_personal_text_is_held_when_its_digest_is_in_the_line() -> None:
    """Salt and text hash to what the line promised; an erased text is counted, never a fault."""
    ledger = Ledger()
    ledger.add("household_registered", text="𠮷野 Ana", group=1, house=2, residents=None)
    ledger.add("household_registered", text="Bo", group=1, house=3, residents=None)
    verdict = recompute(ledger.file(), file_of(ledger.texts[:1]))
    assert [each["name"] for each in verdict["villages"][0]["households"]] == ["𠮷野 Ana", None]
    assert (verdict["texts"], verdict["texts_missing"], verdict["faults"]) == (1, 1, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": '{"name":"Eve"}'}, "private_differs"),
        ({"salt": SALT.hex().replace("0f", "1f")}, "private_differs"),
        ({"seq": 2}, "private_differs"),
        ({"salt": "00"}, "private_broken"),
        ({"salt": SALT.hex().upper()}, "private_broken"),
        ({"text": "no JSON"}, "private_broken"),
        ({"text": '"' + "y" * 65_536 + '"'}, "private_broken"),
        ({"text": None}, "private_broken"),
        ({"more": 1}, "private_broken"),
    ],
)
def test_a_personal_text_is_refused_when_it_is_not_the_promised_one(change: Json, code: str) -> None:
    """A text that was changed, moved or cut is named and not used."""
    ledger = Ledger()
    ledger.add("household_registered", text="Ana", group=1, house=2, residents=None)
    verdict = recompute(ledger.file(), file_of([written(json.loads(ledger.texts[0]) | change)]))
    assert codes(verdict) == [code]
    assert verdict["villages"][0]["households"][0]["name"] is None


def test_a_second_text_is_refused_when_a_line_has_one() -> None:
    """One line has one text."""
    ledger = Ledger()
    ledger.add("household_registered", text="Ana", group=1, house=2, residents=None)
    assert codes(recompute(ledger.file(), file_of(ledger.texts * 2))) == ["private_repeated"]
