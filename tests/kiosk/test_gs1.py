"""GS1 check digits and element strings, against numbers printed on real kinds of labels."""

import pytest

from kiosk.gs1 import TradeItem, check_digit, has_right_check, is_number, read_trade_item


@pytest.mark.parametrize(
    "number", ["4006381333931", "036000291452", "96385074", "73513537", "10614141000415", "629104150021" + "3"]
)
def test_a_check_digit_is_right_when_the_number_is_published(number: str) -> None:
    """Published examples of every length; each other last digit is wrong; zeros in front change nothing."""
    assert check_digit(number[:-1]) == number[-1]
    assert [last for last in "0123456789" if has_right_check(number[:-1] + last)] == [number[-1]]
    assert has_right_check(number.zfill(14))


@pytest.mark.parametrize(
    ("text", "answer"), [("0123", True), ("", False), ("１２", False), ("²", False), ("1 2", False)]
)
def test_only_plain_digits_are_a_number(text: str, *, answer: bool) -> None:
    """Other scripts' digits and superscripts are none."""
    assert is_number(text) is answer


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("0110614141000415", TradeItem("10614141000415", None)),
        ("01106141410004151723020010AB", TradeItem("10614141000415", "2023-02-28")),
        ("10AB\x1d0110614141000415", TradeItem("10614141000415", None)),
        ("00106141410004150001" + "0110614141000415" + "15271105", TradeItem("10614141000415", "2027-11-05")),
        ("(10)AB(01)10614141000415(15)280229", TradeItem("10614141000415", "2028-02-29")),
        ("0110614141000415" + "15271305" + "17271105", TradeItem("10614141000415", "2027-11-05")),
        ("0110614141000415" + "410" + "6" * 13 + "15271105", TradeItem("10614141000415", "2027-11-05")),
        ("0110614141000416", TradeItem("10614141000416", None)),
        ("011061414100041", None),
        ("0110614141OOO415", None),
        ("0210614141000415", None),
        ("(01)", None),
        ("\x1d\x1d", None),
        ("", None),
    ],
)
def test_elements_are_told_apart_when_they_are_read(text: str, item: TradeItem | None) -> None:
    """Fixed and variable lengths in any order; the check digit is for the caller to judge."""
    assert read_trade_item(text) == item
