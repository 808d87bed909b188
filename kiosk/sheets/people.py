"""Builds households, persons and members from rows. Of a birth only the year is kept; of an entry likewise."""

from kiosk.sheets.code_cell import read_card
from kiosk.sheets.day_cell import read_year
from kiosk.sheets.grid import Cell
from kiosk.sheets.number_cell import read_count, read_points
from kiosk.sheets.place_cell import House, read_house
from kiosk.sheets.problem import Fault, Found
from kiosk.sheets.row_reader import RowReader
from kiosk.sheets.rows import HouseholdRow, MemberRow, PersonRow
from kiosk.sheets.text_cell import read_label, read_name, read_reference, read_word, split_namesake
from kiosk.sheets.vocabulary import meanings, plain


def household_row(reader: RowReader) -> HouseholdRow | None:
    """Build a household; an opening balance above zero needs the number of the passbook it stands in."""
    place = reader.place()
    head = reader.need("head", read_name)
    residents = reader.take("residents", read_count)
    opening = reader.take("opening", read_points)
    passbook = reader.take("passbook", read_reference)
    if opening and passbook is None and not reader.is_refused:
        reader.remark(Fault.PASSBOOK_MISSING, "passbook")
    if place is None or head is None or reader.is_refused:
        return None
    return HouseholdRow(reader.where, *place, head, residents, opening, passbook or "")


def person_row(reader: RowReader) -> PersonRow | None:
    """Build a person of a household."""
    place = reader.place()
    name, homonym = _named(reader)
    birth_year = reader.need("birth", read_year)
    sex = reader.take("sex", _read_sex)
    relation = reader.take("relation", read_label) or ""
    origin = reader.take("moved_from", _read_origin)
    if place is None or name is None or birth_year is None or reader.is_refused:
        return None
    is_head = plain(relation) in meanings("head")
    moved_from = None if origin is None else (origin.group or place[0], origin.number)
    return PersonRow(
        reader.where, *place, name, birth_year, homonym, sex, relation, is_head=is_head, moved_from=moved_from
    )


def member_row(reader: RowReader) -> MemberRow | None:
    """Build a member; a row that says its person is none is passed over."""
    place = reader.place()
    name, homonym = _named(reader)
    birth_year = reader.need("birth", read_year)
    sex = reader.take("sex", _read_sex)
    standing, class_code = _standing(reader)
    joined_year = reader.take("joined", read_year)
    card = reader.take("card", read_card) or ""
    if place is None or name is None or birth_year is None or reader.is_refused:
        return None
    if standing == "none":
        reader.remark(Fault.NOT_A_MEMBER, "standing")
        return None
    return MemberRow(reader.where, *place, name, birth_year, homonym, sex, standing, class_code, joined_year, card)


def _named(reader: RowReader) -> tuple[str | None, int]:
    """Read a name and the number that tells namesakes apart, from its own column or from brackets behind the name."""
    bare, bracketed = split_namesake(reader.cell("name"))
    name = reader.need("name", lambda _: read_name(bare))
    numbered = reader.take("homonym", read_count)
    return name, numbered if numbered is not None else bracketed


def _standing(reader: RowReader) -> tuple[str, str | None]:
    """Read standing and class; villages write either into either column."""
    found = {"standing": "full", "class": ""}
    for name in ("standing", "class"):
        word = reader.take(name, _read_standing_or_class)
        if word is not None:
            found[word[0]] = word[1]
    return found["standing"], found["class"] or None


def _read_standing_or_class(cell: Cell) -> Found[tuple[str, str]] | Fault:
    for table in ("standing", "class"):
        word = read_word(cell, meanings(table))
        if isinstance(word, Found):
            return Found((table, word.value))
    return Fault.WORD_UNKNOWN


def _read_origin(cell: Cell) -> Found[House] | Fault:
    """Read the household somebody came from; without a group it is of the group they live in now."""
    found = read_house(cell, None)
    return found if isinstance(found, Fault) else Found(found.value)


def _read_sex(cell: Cell) -> Found[str] | Fault:
    return read_word(cell, meanings("sex"))
