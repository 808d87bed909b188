"""JSON as docs/ledger.md allows it, and not a token more."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TypeAlias

Json: TypeAlias = dict[str, Any]

LARGEST: Final = 2**53 - 1
DEEPEST: Final = 16
BROKEN_TEXT: Final = re.compile("[\\0\\ud800-\\udfff]")


class BrokenError(ValueError):
    """Bytes that are no line of the format; `code` says which rule they break."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code apart from the words."""
        super().__init__(f"{code} {detail}".strip())
        self.code = code


def parse_json(text: str) -> object:
    """Return JSON without floats, repeated keys, numbers beyond 2^53-1, NUL, lone surrogates or deep nesting."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise BrokenError("not_json", str(error)) from error
    for string in _strings(value, DEEPEST):
        if BROKEN_TEXT.search(string):
            raise BrokenError("text_broken", "NUL or half a surrogate pair")
    return value


def is_integer(value: object, low: int = -LARGEST, high: int = LARGEST) -> bool:
    """Tell whether a JSON value is an integer within bounds; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def decoded(raw: bytes) -> str:
    """Return bytes as the UTF-8 text they must be."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenError("not_utf8", str(error)) from error


def _object(pairs: list[tuple[str, Any]]) -> Json:
    if len({name for name, _ in pairs}) != len(pairs):
        raise BrokenError("repeated_key")
    return dict(pairs)


def _integer(text: str) -> int:
    if len(text) > len(str(-LARGEST)) or abs(int(text)) > LARGEST:
        raise BrokenError("number_too_large", text[:20])
    return int(text)


def _refuse_number(text: str) -> NoReturn:
    raise BrokenError("float", text[:20])


def _strings(value: object, levels: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        if not levels:
            raise BrokenError("nested_too_deep")
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _strings(each, levels - 1)
