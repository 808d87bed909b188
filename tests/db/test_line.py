"""The frozen format: three byte-exact vectors, every rule with its code, ids, ranks and hashes."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from db.line import (
    COUNTY_LOG,
    FIRST_PREVIOUS_HASH,
    HEADER,
    LARGEST_INTEGER,
    LARGEST_LOG,
    LONGEST_LINE,
    LONGEST_PRIVATE_TEXT,
    MalformedLineError,
    Private,
    chain,
    check_private,
    entity_id,
    home_village,
    mint_log,
    origin_of,
    parse,
    rank,
    render,
)
from tests.db.vectors import FIRST, VECTORS, WITH_FOUR_BYTES, WITH_PRIVATE_TEXT, Vector

FACT = parse(FIRST.line.encode())
BESIDE = [vector for vector in VECTORS if vector.text is not None]
LARGEST_SEQ = 2**33 - 1


def line_with(**fields: Any) -> bytes:  # noqa: ANN401  because a wrong value may be anything
    """The first vector's line with other header fields."""
    return json.dumps(json.loads(FIRST.line) | fields, ensure_ascii=False, separators=(",", ":")).encode()


def nested(depth: int) -> object:
    """A scalar inside `depth` lists."""
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def code_of(line: bytes) -> str:
    """The code of the rule that a line breaks."""
    with pytest.raises(MalformedLineError) as caught:
        parse(line)
    return caught.value.code


@pytest.mark.parametrize("vector", VECTORS)
def test_line_is_copied_byte_for_byte_when_parsed_and_rendered(vector: Vector) -> None:
    """The format is frozen: a fact read by this program and written again is the same bytes."""
    assert render(parse(vector.line.encode())) == vector.line.encode()


@pytest.mark.parametrize("vector", VECTORS)
def test_hash_is_that_of_the_vector_when_chained_to_its_predecessor(vector: Vector) -> None:
    """The chain is SHA-256 over previous hash and line, computed here without the code under test as well."""
    by_hand = hashlib.sha256(bytes.fromhex(vector.previous) + vector.line.encode()).hexdigest()
    assert chain(bytes.fromhex(vector.previous), vector.line.encode()).hex() == by_hand == vector.hash


@pytest.mark.parametrize("vector", BESIDE)
def test_private_digest_is_that_of_the_line_when_salt_and_text_are_hashed(vector: Vector) -> None:
    """The digest is SHA-256 over salt and text, computed here without the code under test as well."""
    assert vector.salt is not None
    assert vector.text is not None
    by_hand = hashlib.sha256(bytes.fromhex(vector.salt) + vector.text.encode()).hexdigest()
    private = Private(bytes.fromhex(vector.salt), vector.text)
    assert private.digest == by_hand == vector.private == parse(vector.line.encode()).private
    check_private(parse(vector.line.encode()), private)


def test_vectors_are_one_chain_when_read_in_order() -> None:
    """The first stands on 32 zero bytes, each other on the one before."""
    assert bytes.fromhex(FIRST.previous) == FIRST_PREVIOUS_HASH == bytes(32)
    assert [after.previous for _, after in pairwise(VECTORS)] == [before.hash for before, _ in pairwise(VECTORS)]


def test_vectors_say_what_they_are_there_for_when_looked_at() -> None:
    """One line is a first line, one has private text, one has four-byte characters on both sides."""
    assert (FACT.seq, FACT.private) == (1, None)
    assert parse(WITH_PRIVATE_TEXT.line.encode()).private is not None
    for words in (WITH_FOUR_BYTES.line, WITH_FOUR_BYTES.text or ""):
        assert max(map(ord, words)) > 0xFFFF


def test_ledger_page_prints_the_vectors_when_read() -> None:
    """The page that freezes the format for others holds the same bytes."""
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    printed = page.partition("\n## Vectors\n")[2]
    for vector in VECTORS:
        assert f"\n{vector.line}\n" in printed
        for value in (vector.previous, vector.hash, vector.salt, vector.text, vector.private):
            assert value is None or f"| `{value}` |" in printed


def test_fields_are_those_of_the_line_when_parsed() -> None:
    """Every header field arrives under its own name."""
    fact = parse(WITH_PRIVATE_TEXT.line.encode())
    assert (fact.village, fact.log, fact.seq, fact.turn, fact.kind, fact.kv) == (
        123, 811467, 2, 977, "household_registered", 1,
    )  # fmt: skip
    assert (fact.op, fact.day, fact.at, fact.clock, fact.boot, fact.mono) == (
        2576988967534595, "2026-11-22", 1795329002123, "f", 7, 9122344,
    )  # fmt: skip
    assert (fact.ref, dict(fact.body)) == ((17, 3), {"group": 3, "house": 12, "residents": 4})


@pytest.mark.parametrize("name", HEADER)
def test_line_is_refused_when_a_header_field_is_missing(name: str) -> None:
    """None of the sixteen may be left out."""
    values = json.loads(FIRST.line)
    del values[name]
    assert code_of(json.dumps(values).encode()) == "header"


def test_line_is_refused_when_a_header_field_is_added_or_moved() -> None:
    """The order is part of the format, and there is no seventeenth field."""
    assert code_of(line_with(more=1)) == "header"
    values = json.loads(FIRST.line)
    assert code_of(json.dumps(dict(reversed(values.items()))).encode()) == "header"
    assert code_of(b"[1]") == "header"
    assert code_of(b"null") == "header"


WRONG: list[tuple[str, object]] = [
    ("v", 2), ("v", True), ("village", -1), ("village", 10_000), ("village", "123"), ("log", LARGEST_LOG + 1),
    ("log", -1), ("seq", 0), ("seq", LARGEST_SEQ + 1), ("turn", 0), ("turn", None), ("kind", ""), ("kind", "a b"),
    ("kind", "积分"), ("kind", "_"), ("kind", "a" * 65), ("kind", 1), ("kv", 0), ("kv", 10_000),
    ("op", 0), ("op", "1"), ("op", True), ("day", ""), ("day", "2026-1-2"), ("day", "aaaaaaaaaa"),
    ("day", "２０２６-11-22"), ("day", "2026/11/22"), ("day", "2026-11-2\n"), ("day", 20261122), ("at", None),
    ("at", "1"), ("clock", "x"), ("clock", None), ("clock", []), ("boot", -1), ("boot", None), ("mono", -1),
    ("ref", [1]), ("ref", [1, 2, 3]), ("ref", [1, -1]), ("ref", [1, None]), ("ref", None), ("ref", {"a": 1, "b": 2}),
    ("body", []), ("body", None), ("private", ""), ("private", "A" * 64), ("private", "0" * 63), ("private", 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_line_is_refused_when_a_header_field_has_a_wrong_value(name: str, value: object) -> None:
    """Each field has its type and range, and the refusal names it."""
    with pytest.raises(MalformedLineError, match=f"header: {name}"):
        parse(line_with(**{name: value}))


RIGHT: list[tuple[str, object]] = [
    ("village", 0), ("village", 9999), ("log", 0), ("log", LARGEST_LOG), ("seq", LARGEST_SEQ),
    ("turn", LARGEST_INTEGER), ("kind", "a" * 64), ("kv", 9999), ("op", LARGEST_INTEGER), ("day", None),
    ("day", "2027-01-01"), ("at", 0), ("at", -LARGEST_INTEGER), ("clock", "u"), ("clock", "s"), ("boot", 0),
    ("mono", LARGEST_INTEGER), ("body", {}), ("private", "0" * 64),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_line_is_taken_when_a_header_field_is_at_its_limit(name: str, value: object) -> None:
    """The limits themselves are inside."""
    assert render(parse(line_with(**{name: value}))) == line_with(**{name: value})


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("not_json", b""),
        ("not_json", b"{"),
        ("not_json", FIRST.line.encode() + b"}"),
        ("not_json", b"\xef\xbb\xbf" + FIRST.line.encode()),
        ("not_json", FIRST.line.encode().replace(b"kiosk", b"k\xffosk")),
        ("not_json", FIRST.line.encode("utf-16")),
        ("not_json", FIRST.line.encode().replace(b"kiosk", b"k\x00osk")),
        ("not_json", b"[" * 10_000),
        ("control_character", FIRST.line.encode() + b"\n"),
        ("control_character", b"\r" + FIRST.line.encode()),
        ("duplicate_key", line_with().replace(b'"v":1,', b'"v":1,"v":1,')),
        ("duplicate_key", line_with(body={"a": 1}).replace(b'"a":1', b'"a":1,"a":1')),
        ("float", line_with(body={"a": 1.5})),
        ("float", line_with(body={"a": 1.0})),
        ("float", line_with(at=1e3)),
        ("float", line_with().replace(b'"till":1', b'"till":1E3')),
        ("float", line_with().replace(b'"till":1', b'"till":NaN')),
        ("float", line_with().replace(b'"till":1', b'"till":-Infinity')),
        ("integer_too_large", line_with(body={"a": 2**53})),
        ("integer_too_large", line_with(body={"a": -(2**53)})),
        ("integer_too_large", line_with(body={"a": 10**400})),
        ("integer_too_large", line_with().replace(b'"till":1', b'"till":-0')),
        ("integer_too_large", line_with().replace(b'"till":1', b'"till":[-0]')),
        ("integer_too_large", line_with().replace(b'"till":1', b'"till":[1, -0]')),
        ("integer_too_large", line_with(body={"a": ["9007199254740991", {"b": [1, 2**53]}]})),
        ("integer_too_large", line_with(body={"a": [1, -(2**53)]})),
        ("text_broken", line_with(body={"a": "\x00"})),
        ("text_broken", line_with().replace(b'"kiosk', b'"\\ud842')),
        ("text_broken", line_with().replace(b'"program"', b'"\\udfb7"')),
        ("nested_too_deep", line_with(body={"a": nested(15)})),
        ("nested_too_deep", line_with(body={"a": [{"b": nested(200)}]})),
        ("nested_too_deep", b'{"a":' * 700 + b'"\\u738b"' + b"}" * 700),
    ],
    ids=lambda value: value if isinstance(value, str) else hashlib.sha256(value).hexdigest()[:6],
)
def test_line_is_refused_when_a_rule_of_the_format_is_broken(code: str, line: bytes) -> None:
    """Each rule has its own code, and nothing but MalformedLineError leaves the parser."""
    assert code_of(line) == code


def test_line_is_taken_when_objects_and_lists_stand_sixteen_deep() -> None:
    """Line and body are the first two; fourteen lists are left."""
    assert parse(line_with(body={"a": nested(14)})).body == {"a": nested(14)}


def test_line_is_taken_when_an_integer_is_the_largest() -> None:
    """Any JSON reader that keeps doubles keeps these."""
    assert parse(line_with(body={"a": 2**53 - 1, "b": -(2**53 - 1)})).body == {"a": 2**53 - 1, "b": -(2**53 - 1)}


def test_line_is_refused_when_one_byte_longer_than_the_longest() -> None:
    """The limit counts bytes, not characters."""
    room = LONGEST_LINE - len(line_with(body={"a": ""}))
    assert len(line_with(body={"a": "x" * room})) == LONGEST_LINE
    assert parse(line_with(body={"a": "x" * room})).seq == 1
    assert code_of(line_with(body={"a": "x" * (room + 1)})) == "line_too_long"
    assert code_of(line_with(body={"a": "王" * (room // 3 + 1)})) == "line_too_long"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("float", {"a": 0.5}),
        ("float", {"a": float("nan")}),
        ("float", {"a": float("inf")}),
        ("integer_too_large", {"a": 2**53}),
        ("text_broken", {"a": "\ud842"}),
        ("text_broken", {"a": "\x00"}),
        ("line_too_long", {"a": "x" * LONGEST_LINE}),
        ("nested_too_deep", {"a": nested(15)}),
    ],
)
def test_fact_is_not_rendered_when_its_line_would_break_the_format(code: str, body: dict[str, object]) -> None:
    """What this program writes, every program can read."""
    with pytest.raises(MalformedLineError) as caught:
        render(replace(FACT, body=body))
    assert caught.value.code == code


def test_line_stays_one_line_when_texts_hold_line_breaks() -> None:
    """LF and CR inside a text are escaped."""
    line = render(replace(FACT, body={"a": "x\ny\rz\t\x7f\u2028𠮷"}))
    assert not set(b"\n\r") & set(line)
    assert parse(line).body["a"] == "x\ny\rz\t\x7f\u2028𠮷"


PRIVATE = Private(bytes(16), '{"name":"𠮷"}')


@pytest.mark.parametrize(
    ("code", "private", "promised"),
    [
        ("private_digest", PRIVATE, None),
        ("private_digest", PRIVATE, "0" * 64),
        ("private_digest", replace(PRIVATE, salt=b"x" * 16), PRIVATE.digest),
        ("private_digest", replace(PRIVATE, text='{"name":"王"}'), PRIVATE.digest),
        ("private_size", replace(PRIVATE, salt=bytes(15)), PRIVATE.digest),
        ("private_size", replace(PRIVATE, text="x" * (LONGEST_PRIVATE_TEXT + 1)), PRIVATE.digest),
        ("private_size", replace(PRIVATE, text="王" * (LONGEST_PRIVATE_TEXT // 3 + 1)), PRIVATE.digest),
        ("text_broken", replace(PRIVATE, text="\ud842"), PRIVATE.digest),
        ("text_broken", replace(PRIVATE, text='{"name":"\x00"}'), PRIVATE.digest),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_private_text_is_refused_when_it_is_not_the_one_promised(
    code: str, private: Private, promised: str | None
) -> None:
    """Its size, its characters and its digest are checked before it stands beside a line."""
    with pytest.raises(MalformedLineError) as caught:
        check_private(replace(FACT, private=promised), private)
    assert caught.value.code == code


def test_private_text_may_be_missing_when_a_line_promises_one() -> None:
    """It may come later, or never again."""
    check_private(replace(FACT, private=PRIVATE.digest), None)


def test_private_text_is_taken_when_it_is_the_longest() -> None:
    """The limit itself is inside."""
    longest = replace(PRIVATE, text="x" * LONGEST_PRIVATE_TEXT)
    check_private(replace(FACT, private=longest.digest), longest)


def test_id_names_log_and_seq_when_an_entity_is_made() -> None:
    """Dense, offline, exact in any JSON reader: the largest id is the largest integer of the format."""
    assert entity_id(811467, 2) == 6970448453566466
    assert origin_of(6970448453566466) == (811467, 2)
    assert entity_id(LARGEST_LOG, LARGEST_SEQ) == LARGEST_INTEGER
    assert parse(WITH_PRIVATE_TEXT.line.encode()).id == 6970448453566466


def test_home_is_the_county_when_an_id_was_made_in_log_zero() -> None:
    """Ids of the county are below those of every village log."""
    assert home_village(entity_id(COUNTY_LOG, LARGEST_SEQ), 123) == 0
    assert home_village(entity_id(1, 1), 123) == 123


PLACES = st.tuples(st.integers(0, LARGEST_LOG), st.integers(1, LARGEST_INTEGER), st.integers(1, LARGEST_SEQ))


@given(PLACES, PLACES)
def test_rank_sorts_by_authority_turn_log_and_seq_when_compared_as_text(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    """Text order is rank order, which every engine can compute."""

    def order(place: tuple[int, int, int]) -> tuple[bool, int, int, int]:
        log, turn, seq = place
        return log == COUNTY_LOG, turn, log, seq

    assert (rank(*one) < rank(*other)) == (order(one) < order(other))
    assert rank(*one).isascii()
    assert len(rank(*one)) == len(rank(*other))


def test_rank_of_the_county_is_above_when_a_village_has_seen_more_turns() -> None:
    """Authority comes first."""
    county = replace(FACT, log=COUNTY_LOG, turn=1)
    assert county.rank > replace(FACT, log=LARGEST_LOG, turn=LARGEST_INTEGER).rank


def test_log_is_drawn_again_when_zero_comes_up() -> None:
    """Log 0 is the county's."""
    draws = iter([b"\x00\x00\x00", b"\xf0\x00\x00", b"\xff\xff\xff"])
    assert mint_log(lambda _count: next(draws)) == LARGEST_LOG


WRITABLE = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])


@given(
    st.dictionaries(
        st.text(WRITABLE, max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
            | st.text(WRITABLE, max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=3),
            max_leaves=12,
        ),
        max_size=6,
    )
)  # fmt: skip
def test_fact_is_the_same_when_rendered_and_parsed(body: dict[str, Any]) -> None:
    """Any body of integers, texts, lists and objects survives, and rendering it again gives the same bytes."""
    fact = replace(FACT, body=body)
    try:
        line = render(fact)
    except MalformedLineError:
        reject()  # nested too deep
    assert parse(line) == fact
    assert render(parse(line)) == line


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_parser_gives_a_fact_or_a_code_when_fed_anything(line: bytes) -> None:
    """No other error leaves it."""
    with suppress(MalformedLineError):
        assert parse(line).seq
