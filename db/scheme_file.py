"""A scheme as a TOML file: read whole, checked whole, and refused with the place of the first thing that is wrong.

Files shipped with the program stand in `db/rules/schemes`; a village or the county may load one of the same shape.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field, ValidationError

from db.facts.body import Code, Count, Day, Label, Part, Points
from db.facts.points import Audience, Rule, SchemeItemSet

DEFAULT: Final = "zhijin_household"
_File = TypeVar("_File", bound=Part)
_Fen = Annotated[int, Field(ge=1)]


class SchemeFileError(ValueError):
    """A file that is no scheme; `code` and `parameters` are those of the refusal that says so at a desk."""

    def __init__(self, code: str, **parameters: str | int) -> None:
        """Keep the code apart from what is wrong."""
        super().__init__(f"{code}: " + ", ".join(f"{name} {value}" for name, value in parameters.items()))
        self.code, self.parameters = code, parameters


class Rules(Part):
    """The numbers every scheme states; points are hundredths, `value_fen` is what `value_points` are worth.

    Base points are not redeemable; from the honour line (base and redeemable together) a household has the title;
    routine items together bring a household no more than `routine_cap_points` in a calendar month.
    """

    base_points: Count
    honour_line_points: Count
    routine_cap_points: Count
    value_fen: _Fen
    value_points: _Fen


class EarnItem(Part):
    """An item that earns points; with a unit it is counted, and its points are for one unit."""

    code: Code
    group: Code
    zh: Label
    en: Label
    points: Points
    unit_zh: Label | None = None
    unit_en: Label | None = None
    monthly_cap: Count | None = None
    is_routine: bool = False
    needs_evidence: bool = False


class DeductItem(Part):
    """An item that costs points, below zero."""

    code: Code
    group: Code
    zh: Label
    en: Label
    points: Points
    needs_evidence: bool = False


class Head(Part):
    """What stands above the items."""

    code: Code
    audience: Audience
    from_day: Day
    zh: Label
    en: Label
    rules: Rules


@dataclass(frozen=True)
class SchemeFile:
    """A scheme that was read: its head, its items in order, and SHA-256 of its bytes in hex."""

    head: Head
    items: tuple[EarnItem | DeductItem, ...]
    digest: str

    def rules(self) -> tuple[Rule, ...]:
        """Return the numbers as the fact states them."""
        return tuple(Rule(name=name, value=value) for name, value in self.head.rules.model_dump().items())

    def bodies(self, from_day: str) -> tuple[SchemeItemSet, ...]:
        """Return every item as the fact that sets it from a day on."""
        return tuple(_body(self.head.code, item, position, from_day) for position, item in enumerate(self.items, 1))


def read_scheme(source: str | Path) -> SchemeFile:
    """Read a scheme shipped with the program by its name, or a file by its path.

    Raises:
        SchemeFileError: `scheme_file_absent`, `scheme_unreadable` (no TOML, or not UTF-8), and with the place in it
            `scheme_key_unknown`, `scheme_key_missing`, `scheme_value_wrong`, `scheme_item_twice`, `scheme_points_sign`.
    """
    name = str(source)
    try:
        content = source.read_bytes() if isinstance(source, Path) else _shipped(source)
    except OSError as error:
        raise SchemeFileError("scheme_file_absent", file=name) from error
    try:
        values = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SchemeFileError("scheme_unreadable", file=name, detail=str(error)) from error
    return parse_scheme(values, content)


def parse_scheme(values: dict[str, Any], content: bytes) -> SchemeFile:
    """Return the scheme that was read from a file of this content. Raises as `read_scheme`."""
    earn, deduct = (_tables(values, name) for name in ("earn_item", "deduct_item"))
    head = _checked(Head, values, code_of(values))
    items: tuple[EarnItem | DeductItem, ...]
    items = (*(_item(EarnItem, table, 1) for table in earn), *(_item(DeductItem, table, -1) for table in deduct))
    _require_distinct(items)
    return SchemeFile(head, items, hashlib.sha256(content).hexdigest())


def code_of(table: object) -> str:
    """Return by which code a person finds a table of the file; a dash where it has none."""
    code = table.get("code") if isinstance(table, dict) else None
    return code if isinstance(code, str) and code else "-"


def _shipped(name: str) -> bytes:
    folder = resources.files("db.rules") / "schemes"
    known = {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}
    if name not in known:
        raise FileNotFoundError(name)
    return known[name].read_bytes()


def _tables(values: dict[str, Any], name: str) -> list[Any]:
    tables = values.pop(name, [])
    if not isinstance(tables, list):
        raise SchemeFileError("scheme_value_wrong", place=code_of(values), key=name, value=str(tables))
    return tables


def _item(model: type[_File], table: object, sign: int) -> _File:
    item = _checked(model, table, code_of(table))
    points: int = item.points  # type: ignore[attr-defined]  # because both kinds of item have points
    if points * sign <= 0:
        raise SchemeFileError("scheme_points_sign", place=code_of(table), points=points)
    return item


def _checked(model: type[_File], table: object, place: str) -> _File:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise SchemeFileError("scheme_key_unknown", place=place, key=key) from error
        if first["type"] == "missing":
            raise SchemeFileError("scheme_key_missing", place=place, key=key) from error
        raise SchemeFileError("scheme_value_wrong", place=place, key=key, value=str(first["input"])) from error


def _require_distinct(items: tuple[EarnItem | DeductItem, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.code in seen:
            raise SchemeFileError("scheme_item_twice", place=item.code)
        seen.add(item.code)
        if isinstance(item, EarnItem) and (item.unit_zh is None) != (item.unit_en is None):
            missing = "unit_zh" if item.unit_zh is None else "unit_en"
            raise SchemeFileError("scheme_key_missing", place=item.code, key=missing)


def _body(scheme: str, item: EarnItem | DeductItem, position: int, from_day: str) -> SchemeItemSet:
    values = item.model_dump()
    labels = {"label_zh": values.pop("zh"), "label_en": values.pop("en")}
    return SchemeItemSet(scheme=scheme, position=position, from_day=from_day, **labels, **values)
