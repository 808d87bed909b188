"""The words of the demo village: names, goods that the shop numbers itself, days and prices."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast

_WORDS: Final = Path(__file__).with_name("village.toml")


class PriceChange(TypedDict):
    """Goods whose price changed: the barcode, points before the first change, and (day, points) of each."""

    code: str
    before: str
    days: list[tuple[str, str]]


class Words(TypedDict):
    """What ``village.toml`` holds."""

    clans: list[str]
    married_in: list[str]
    first_characters: list[str]
    second_characters: list[str]
    rare_heads: list[str]
    secretary: str
    supervisor: str
    newcomer: str
    provisional: list[list[str]]
    in_store: list[tuple[str, str, str, str, str, int]]
    best_before: dict[str, str]
    price: list[PriceChange]
    demand: dict[str, list[str]]
    share: dict[str, int]
    topics: dict[str, list[str]]
    suggestions: dict[str, list[str]]


@cache
def words() -> Words:
    """Return the words of the village; the file is read at the first call."""
    return cast("Words", tomllib.loads(_WORDS.read_text("utf-8")))
