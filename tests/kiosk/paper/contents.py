"""Invented contents for paper: a redemption, a balance, names that are hard to print."""

from kiosk.paper.slip import (
    BalanceContent,
    BalanceEntry,
    Household,
    Presented,
    SlipContent,
    SlipLine,
)

EIGHT_O_FIVE = 1_795_305_900_000
"""An evening in Shanghai, 2026-11-22 08:05 local time."""

HARD_NAMES = ("王小明", "阿依古丽·买买提", "㐂䶮", "王𠮷", "𡋾赟喆", "阿卜杜热合曼·买买提依明江·艾山")

LONG_VILLAGE = "珠藏镇龙井边布依族苗族新村村民委员会"
"""A village whose name does not fit beside anything."""

SLIP_CODE = "2801232345678967"

LINES = (
    SlipLine("食盐（加碘）", 1, "袋", 300),
    SlipLine("金穗非转基因大豆油5升装家庭实惠装", 2, "桶", 12050),
    SlipLine("散装大米", 2750, "公斤", 1100, is_weighed=True),
)


def redemption(
    *, presented: Presented = Presented.CARD, is_copy: bool = False, at: int | None = EIGHT_O_FIVE, head: str = "王小明"
) -> SlipContent:
    """A redemption of three kinds of goods."""
    return SlipContent(
        village="青山村",
        number="0123-1-001204",
        day="2026-11-22",
        at=at,
        household=Household("3组012", head),
        lines=LINES,
        total_points=13450,
        before_points=20000,
        after_points=6550,
        code=SLIP_CODE,
        presented=presented,
        is_copy=is_copy,
    )


def balance(entries: int = 7) -> BalanceContent:
    """A balance with so many entries, the newest first."""
    return BalanceContent(
        village="青山村",
        household=Household("3组012", "王小明"),
        at=EIGHT_O_FIVE,
        day="2026-11-22",
        redeemable_points=4250,
        base_points=10000,
        entries=tuple(
            BalanceEntry(f"2026-11-{20 - number:02}", f"第{number}笔 院坝会签到", -300 if number % 2 else 250)
            for number in range(entries)
        ),
    )


def card_code(kind: int, number: int) -> str:
    """A code of 16 digits of that kind with its check digits (ISO 7064 mod 97-10)."""
    stem = f"{kind}0123{(number * 7919 + 12345678) % 10**8:08}"
    return f"{stem}{98 - int(stem) * 100 % 97:02}"
