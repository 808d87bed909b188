"""What a scanned text means: cards, goods, weights, bad readings, two in one, and everything else."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from kiosk.codes import (
    IN_STORE,
    BookCode,
    Card,
    Code,
    CodeType,
    CommandCard,
    Glued,
    Goods,
    HouseholdCard,
    InStorePattern,
    Misread,
    OperatorBadge,
    PersonCard,
    SlipCode,
    Unknown,
    VillageSheet,
    WeighedGoods,
    command_number,
    mint,
    read_code,
)
from kiosk.gs1 import check_digit

SALT = "6990103300302"
SOAP = "6990102200207"
SHAPES = {
    CodeType.VILLAGE_SHEET: VillageSheet,
    CodeType.HOUSEHOLD_BOOK: BookCode,
    CodeType.PERSON: PersonCard,
    CodeType.HOUSEHOLD: HouseholdCard,
    CodeType.SLIP: SlipCode,
    CodeType.OPERATOR: OperatorBadge,
}
DRAWN = st.sampled_from(sorted(SHAPES))
VILLAGES = st.integers(0, 9999)
SEEDS = st.integers(0, 2**32)


def seeded(seed: int) -> Callable[[int], bytes]:
    """A source of bytes that repeats itself from test to test."""
    return random.Random(seed).randbytes


def ean13(body: str) -> str:
    """Twelve digits and their check digit."""
    return body + check_digit(body)


def wrong_at_the_end(number: str) -> str:
    """The same digits but the last."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def goods(number: str) -> Goods:
    """Goods as the shop keeps them."""
    return Goods(number.zfill(14))


PERSON = mint(CodeType.PERSON, 123, seeded(1))
BOOK = mint(CodeType.HOUSEHOLD_BOOK, 123, seeded(2))


@given(DRAWN, VILLAGES, SEEDS)
def test_a_card_reads_back_when_it_was_minted(code_type: CodeType, village: int, seed: int) -> None:
    """Sixteen digits carry the kind and the village, and nothing else is read from them."""
    number = mint(code_type, village, seeded(seed))
    code = read_code(number)
    assert isinstance(code, Card)
    assert (type(code), code.number, code.village) == (SHAPES[code_type], number, village)


@given(DRAWN, VILLAGES, SEEDS, st.integers(0, 15), st.integers(1, 9))
def test_a_card_is_not_read_when_one_digit_is_wrong(
    code_type: CodeType, village: int, seed: int, at: int, shift: int
) -> None:
    """A card number is money: one bad digit never opens another account."""
    number = mint(code_type, village, seeded(seed))
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert isinstance(read_code(wrong), Misread | Unknown)


@given(DRAWN, VILLAGES, SEEDS, st.integers(0, 14))
def test_a_card_is_not_read_when_two_neighbours_are_swapped(
    code_type: CodeType, village: int, seed: int, at: int
) -> None:
    """The commonest fault of a typing hand is found."""
    number = mint(code_type, village, seeded(seed))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or isinstance(read_code(swapped), Misread | Unknown)


def test_a_card_with_the_other_form_of_its_check_is_not_read_when_both_would_divide() -> None:
    """Check digits 00 and 01 stand for 97 and 98 in the division, and are written by nobody."""
    number = next(found for seed in range(5000) if (found := mint(CodeType.PERSON, 1, seeded(seed)))[14:] == "97")
    assert read_code(number[:14] + "00") == Misread(number[:14] + "00")


def test_card_numbers_are_spread_evenly_when_many_are_minted() -> None:
    """No tenth of the eight random digits is likelier than another, as a plain remainder would make it."""
    source = seeded(578)
    counts = Counter(mint(CodeType.PERSON, 1, source)[6] for _ in range(20_000))
    assert all(abs(counts[digit] - 2000) < 200 for digit in "0123456789")


def test_a_draw_is_repeated_when_it_would_favour_small_numbers() -> None:
    """Draws beyond the last whole hundred million are thrown away."""
    draws = [(2**32 - 1).to_bytes(4, "big"), (42 * 10**8).to_bytes(4, "big"), (41 * 10**8 + 7).to_bytes(4, "big")]
    assert mint(CodeType.PERSON, 1, lambda count: draws.pop(0)[:count])[6:14] == "00000007"
    assert draws == []


def test_minting_stops_when_the_source_is_broken() -> None:
    """A source stuck at one value makes no card and no endless loop."""
    with pytest.raises(ValueError, match="repeats"):
        mint(CodeType.PERSON, 1, lambda count: b"\xff" * count)


@pytest.mark.parametrize("village", [-1, 10_000])
def test_minting_is_refused_when_the_village_has_no_four_digits(village: int) -> None:
    """A number of another length would be another kind of code."""
    with pytest.raises(ValueError, match="out of range"):
        mint(CodeType.PERSON, village, seeded(1))


def test_minting_is_refused_when_a_command_is_asked_for() -> None:
    """A command card's number names its action."""
    with pytest.raises(ValueError, match="command"):
        mint(CodeType.COMMAND, 1, seeded(1))


@given(st.integers(0, 10**8 - 1), VILLAGES)
def test_a_command_card_names_its_action_when_read(command: int, village: int) -> None:
    """The same action has the same card on every machine."""
    code = read_code(command_number(command, village))
    assert isinstance(code, CommandCard)
    assert (code.command, code.village) == (command, village)


def test_a_command_number_is_refused_when_it_is_too_long() -> None:
    """Nine digits have no room."""
    with pytest.raises(ValueError, match="out of range"):
        command_number(10**8)


@pytest.mark.parametrize("kind", ["20", "23", "31", "99"])
def test_sixteen_digits_are_unknown_when_their_kind_is_not_ours(kind: str) -> None:
    """A right check alone makes no card."""
    number = "27" + PERSON[2:]
    assert read_code(kind + number[2:]) == Unknown(kind + number[2:])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SALT, goods(SALT)),
        ("036000291452", goods("036000291452")),
        ("36000291452", goods("036000291452")),
        ("96385074", goods("96385074")),
        ("16901234567899", goods("16901234567899")),
        ("2500010000178", Goods("02500010000178", in_store=True)),
        ("2100042007505", WeighedGoods("00042", 750, "02100042000001")),
        ("2100042012356", WeighedGoods("00042", 1235, "02100042000001")),
    ],
    ids=["EAN-13", "UPC-A", "UPC-A less a zero", "EAN-8", "ITF-14", "in-store", "weighed", "weighed, another weight"],
)
def test_goods_are_read_when_the_check_digit_is_right(text: str, code: Code) -> None:
    """Every form of number ends in the one form the shop keeps."""
    assert read_code(text) == code


def test_all_labels_of_one_weighed_item_share_a_number_when_their_weights_differ() -> None:
    """The number with weight 0 is a right GTIN itself, so it can stand in the goods list."""
    first, second = read_code("2100042007505"), read_code("2100042012356")
    assert isinstance(first, WeighedGoods)
    assert isinstance(second, WeighedGoods)
    assert first.gtin == second.gtin
    assert read_code(first.gtin) == WeighedGoods("00042", 0, first.gtin)


@pytest.mark.parametrize("text", ["6990103300303", "036000291453", "96385075", "16901234567890", "2100042007506"])
def test_goods_are_to_be_read_again_when_the_check_digit_is_wrong(text: str) -> None:
    """A bad reading is told from an article nobody knows."""
    assert read_code(text) == Misread(text)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True).filter(lambda body: int(body) > 0), st.data())
def test_goods_never_become_other_goods_when_one_digit_is_misread(body: str, data: st.DataObject) -> None:
    """Neither the article nor a weight changes by one bad digit."""
    number = ean13(body)
    at, shift = data.draw(st.integers(0, 12)), data.draw(st.integers(1, 9))
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert isinstance(read_code(wrong), Misread | Unknown)


@given(st.from_regex(r"0{1,6}[1-9][0-9]{6,11}", fullmatch=True).filter(lambda body: 12 <= len(body) <= 13))
def test_goods_are_the_same_when_a_sheet_lost_the_zeros(body: str) -> None:
    """A spreadsheet that keeps barcodes as numbers drops zeros; the check digit proves what they were."""
    number = ean13(body)
    assert read_code(number.lstrip("0")) == read_code(number)
    assert isinstance(read_code(number), Goods | WeighedGoods)


@pytest.mark.parametrize(
    "text", ["0000000000000", "00000000", "1234567", "123", "7", "69901033003", "1" * 17, "0" * 26]
)
def test_digits_are_unknown_when_no_code_has_that_form(text: str) -> None:
    """Too short, too long, or all zeros: no article, and no quantity either."""
    assert read_code(text) == Unknown(text)


GS = "\x1d"


@pytest.mark.parametrize(
    ("text", "symbology", "best_before"),
    [
        ("0106990103300302", None, None),
        ("0106990103300302", "]C1", None),
        ("]C10106990103300302", None, None),
        (f"{GS}0106990103300302", "]d2", None),
        ("010699010330030215261231", "]C1", "2026-12-31"),
        ("010699010330030217260200", "]C1", "2026-02-28"),
        ("01069901033003021726020015280200", "]C1", "2028-02-29"),
        (f"10LOT{GS}010699010330030217270101", "]C1", "2027-01-01"),
        (f"010699010330030210A{GS}15261231", None, "2026-12-31"),
        (f"01069901033003029915{GS}15261231", "]Q3", "2026-12-31"),
        (f"0106990103300302310300075015261231{GS}", "]C1", "2026-12-31"),
        ("(01)06990103300302(15)261231(10)AB", None, "2026-12-31"),
        ("010699010330030215261301", "]C1", None),
        ("010699010330030215260230", "]C1", None),
        ("01069901033003021526", "]C1", None),
    ],
)
def test_the_number_is_taken_when_a_carton_carries_elements(
    text: str, symbology: str | None, best_before: str | None
) -> None:
    """GS1-128 and its kin give the article, and the day if there is a real one, in any order of elements."""
    assert read_code(text, symbology) == Goods("06990103300302", best_before=best_before)


def test_a_carton_is_to_be_read_again_when_its_check_digit_is_wrong() -> None:
    """An element string is no way around the check."""
    assert read_code("0106990103300303", "]C1") == Misread("06990103300303")


@pytest.mark.parametrize("text", ["0006990103300302", "10LOT", "01ABC", "", "0100000000000000"])
def test_elements_are_unknown_when_they_name_no_article(text: str) -> None:
    """A pallet or a lot alone is no goods."""
    assert read_code(text, "]C1") == Unknown(text)


@pytest.mark.parametrize("text", [SALT, PERSON], ids=["goods", "card"])
@pytest.mark.parametrize(
    "dress",
    [
        "]E0{}",
        "]C0{}",
        "{}\r",
        "{}\r\n",
        "\x02{}\x03",
        "\ufeff{}",
        " {}\u200b",
        "\u3000{}\u00a0",
        "\u2028{}\u2028",
        "\x00\x1d{}\x1d\x04",
    ],
)
def test_a_code_is_read_when_something_stands_around_it(text: str, dress: str) -> None:
    """Terminators, separators, marks and an AIM identifier that came with the text are not part of it."""
    assert read_code(dress.format(text)) == read_code(text)
    assert isinstance(read_code(text), Goods | PersonCard)


def test_a_code_is_read_when_an_input_method_made_it_wide() -> None:
    """Full-width digits and the full-width bracket of an AIM identifier are the same digits."""
    wide = str.maketrans("0123456789]E", "０１２３４５６７８９］Ｅ")
    assert read_code(f"]E0{SALT}".translate(wide)) == goods(SALT)
    assert read_code(PERSON.translate(wide)) == read_code(PERSON)


def test_a_card_is_read_when_it_is_typed_in_groups() -> None:
    """Cards are printed in groups of four."""
    assert read_code(" ".join(PERSON[at : at + 4] for at in range(0, 16, 4))) == read_code(PERSON)


def test_digits_are_unknown_when_they_are_not_ours() -> None:
    """Arabic-Indic digits count as digits elsewhere, and are no code."""
    assert isinstance(read_code("٦٩٩٠١٠٣٣٠٠٣٠٢"), Unknown)


@pytest.mark.parametrize(
    "text", ["https://example.cn/a?b=1", "WIFI:S:shop;;", "张三", "ABC-123", "https://id.gs1.org/01/0"]
)
def test_a_text_is_unknown_when_it_is_no_number(text: str) -> None:
    """A picture code with an address or a name is nothing the till could act on."""
    assert read_code(text) == Unknown(text)


@pytest.mark.parametrize(
    ("first", "second"), [(SALT, SOAP), (SALT, SALT), (SALT, PERSON), (PERSON, SALT), (PERSON, BOOK)]
)
def test_two_codes_are_found_when_they_arrive_as_one(first: str, second: str) -> None:
    """A scanner without a terminator, twice in a moment, names both and in order."""
    halves = read_code(first), read_code(second)
    assert read_code(first + second) == Glued(*halves)  # type: ignore[arg-type] # because the halves are known to be whole


@pytest.mark.parametrize(
    "text",
    [SALT + wrong_at_the_end(SOAP), PERSON + wrong_at_the_end(SALT), SALT + SALT[:-1], wrong_at_the_end(PERSON) + BOOK],
)
def test_two_codes_are_not_found_when_one_of_them_is_bad(text: str) -> None:
    """Half a certainty is none."""
    assert isinstance(read_code(text), Unknown)


def test_two_codes_are_not_found_when_they_part_in_two_ways() -> None:
    """Which card would be charged is never guessed."""
    numbers = (mint(CodeType.PERSON, 1, seeded(seed)) for seed in range(10**6))
    card = next(each for each in numbers if ean13(each[:12]) == each[:13] and each[13:15] in {"24", "25", "26", "27"})
    bodies = (f"{card[13:]}{serial:011}" for serial in range(1000))
    wholes = (card + body[3:] + mod_97_10.calc_check_digits(body) for body in bodies)
    text = next(each for each in wholes if ean13(each[16:28]) == each[16:])
    halves = [read_code(each) for each in (text[:13], text[13:], text[:16], text[16:])]
    assert not [half for half in halves if isinstance(half, Misread | Unknown)]
    assert read_code(text) == Unknown(text)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")), st.none() | st.text())
def test_reading_never_fails_when_anything_is_scanned(text: str, symbology: str | None) -> None:
    """Whatever comes, there is an answer, and what is unknown can be shown."""
    code = read_code(text, symbology)
    if isinstance(code, Unknown):
        assert len(code.text) <= 64
        assert code.text == "" or code.text.isprintable()


@given(st.from_regex(r"(\]C1|\]E0|\(01\)|01|2[0-9]|69)?[0-9]{0,40}\x1d?[0-9A-Z()]{0,40}", fullmatch=True))
def test_reading_never_fails_when_a_code_is_nearly_right(text: str) -> None:
    """Shapes close to real ones find no hole either, and every article has its right check digit."""
    code = read_code(text)
    if isinstance(code, Goods):
        assert ean13(code.gtin[:-1]) == code.gtin


@pytest.mark.parametrize("code", [SALT, PERSON, f"0106990103300302{GS}21"])
def test_a_code_is_unknown_when_it_was_cut(code: str) -> None:
    """A driver keeps 128 characters of rubbish: whatever stands at its front is not acted upon."""
    assert isinstance(read_code((code + "0" * 200)[:128]), Unknown)
    assert isinstance(read_code(" " * 100 + code + " " * 100), Unknown)


def test_the_villages_own_pattern_is_used_when_it_is_given() -> None:
    """A shop whose scales print 23 with six and four digits reads its own labels, short ones too."""
    patterns = [InStorePattern("23", 6, 4), InStorePattern("2", 6)]
    label = ean13("230012340500")
    assert read_code(label, patterns=patterns) == WeighedGoods("001234", 500, ean13("0230012340000"))
    assert read_code(ean13("2123456"), patterns=patterns) == Goods(ean13("0000002123456"), in_store=True)
    assert read_code(label) == goods(label)
    assert read_code("2100042007505", patterns=patterns) == goods("2100042007505")


@pytest.mark.parametrize(
    ("prefix", "item_digits", "weight_digits"),
    [("69", 5, 5), ("21", 5, 4), ("21", 0, 10), ("2x", 5, 5), ("21", 12, -2), ("03", 10, 0), ("", 12, 0)],
)
def test_a_pattern_is_refused_when_it_could_take_foreign_numbers(
    prefix: str, item_digits: int, weight_digits: int
) -> None:
    """Only numbers that GS1 leaves to companies themselves can be labels of the shop."""
    with pytest.raises(ValueError, match="is not"):
        InStorePattern(prefix, item_digits, weight_digits)


def test_the_shop_numbers_its_own_labels_when_goods_have_no_code() -> None:
    """What a pattern writes it reads again; an item with too many digits has no number."""
    fixed, weighed = IN_STORE[1], IN_STORE[0]
    assert read_code(fixed.number(1_000_017)) == Goods(fixed.number(1_000_017), in_store=True)
    label = read_code(weighed.number(42))
    assert isinstance(label, WeighedGoods)
    assert (label.item, label.grams) == ("00042", 0)
    for item in (-1, 10**10):
        with pytest.raises(ValueError, match="digits"):
            fixed.number(item)
