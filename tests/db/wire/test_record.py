"""Records: every line comes out as it went in, and usual ones are much shorter in between."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db.journal import Sealed
from db.line import CLOCK_QUALITIES, LARGEST_INTEGER, LARGEST_LOG, Fact, Private, render
from db.wire.v1.record import RecordError, read_records, write_records

WHOLE = some.integers(0, LARGEST_INTEGER)
PRIVATE = some.builds(
    Private,
    some.binary(min_size=16, max_size=16),
    some.text(some.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), max_size=20),
)
WORDS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9)
FACTS = some.builds(
    Fact,
    village=some.integers(0, 9_999), log=some.integers(0, LARGEST_LOG), seq=some.integers(1, 2**33 - 1),
    turn=some.integers(1, LARGEST_INTEGER), kind=some.sampled_from(("redemption_made", "Signed_In")),
    kv=some.integers(1, 9_999), op=some.none() | some.integers(1, LARGEST_INTEGER),
    day=some.none() | some.just("2026-11-22"), at=some.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    clock=some.sampled_from(CLOCK_QUALITIES), boot=WHOLE, mono=WHOLE, ref=some.tuples(WHOLE, WHOLE),
    body=some.dictionaries(WORDS, WHOLE | WORDS, max_size=3), private=some.none(),
)  # fmt: skip
USUAL = Fact(
    123, 7, 41, 44, "day_opened", 1, 7, "2026-11-22", 1_795_305_600_123, "s", 2, 60_500, (3, 0),
    {"day": "2026-11-22"}, None,
)  # fmt: skip


def sealed(fact: Fact, private: Private | None) -> Sealed:
    """A fact with the text it promises."""
    return Sealed(render(replace(fact, private=None if private is None else private.digest)), private)


@given(some.lists(some.tuples(FACTS, some.none() | PRIVATE), max_size=8))
def test_lines_come_out_byte_for_byte_when_any_facts_are_written(facts: list[tuple[Fact, Private | None]]) -> None:
    """Any numbers in any order, also where a clock or a log jumps."""
    lines = [sealed(*pair) for pair in facts]
    assert read_records(write_records(lines)) == lines


@pytest.mark.parametrize(
    "line",
    [
        render(USUAL).replace(b'"seq":41', b'"seq":041'),
        render(USUAL).replace(b'"at":1', b'"at": 1'),
        render(USUAL).replace(b'"mono":60500', b'"mono":99999999999999999999'),
        render(USUAL)[:-2] + b',"private":"="}',
        b"{}",
    ],
)
def test_line_comes_out_byte_for_byte_when_it_is_not_written_our_way(line: bytes) -> None:
    """What is no line of ours is carried, and judged by whoever takes it."""
    lines = [Sealed(render(USUAL)), Sealed(line), Sealed(render(replace(USUAL, seq=42)))]
    assert read_records(write_records(lines)) == lines


def test_text_keeps_its_line_when_the_digest_is_another() -> None:
    """A digest that is not the text's travels as it is, and is refused by whoever checks it."""
    lines = [Sealed(render(replace(USUAL, private="ab" * 32)), Private(bytes(16), "{}"))]
    assert read_records(write_records(lines)) == lines


def test_usual_line_is_shortened_to_what_changed_when_it_follows_another() -> None:
    """Eleven bytes in place of the four numbers; nothing for the digest."""
    later = replace(USUAL, seq=42, turn=45, at=USUAL.at + 20_000, mono=USUAL.mono + 20_000)
    first, second, _end = write_records([Sealed(render(USUAL)), Sealed(render(later))]).split(b"\n")
    assert first.startswith(b"~1795305600123,40,43,")
    line = render(later)
    for number in (b'"seq":42', b'"turn":45', b'"at":1795305620123', b'"mono":80500'):
        line = line.replace(number, number.rstrip(b"0123456789"))
    assert second == b"~20000" + line


@pytest.mark.parametrize("record", [b"~", b"~1", b'~1":,":,":,":', b'~x":,":,":,":,', b'~1,2":,":,":,":,', b"~1{}"])
def test_record_is_refused_when_it_is_shortened_wrongly(record: bytes) -> None:
    """No number in front, or not four gaps."""
    with pytest.raises(RecordError):
        read_records(record + b"\n")
