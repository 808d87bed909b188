"""Writes the sample sheets of ``docs/samples``: an invented village in the shape that villages really keep it.

``python -m kiosk.demo.samples FOLDER`` writes them; the same words and seed give the same sheets.
"""

import csv
import random
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

HOUSES: Final = (8, 7, 8, 7, 8, 7, 8, 7)
"""How many households each of the eight groups has."""

SAMPLES: Final = ("households.xlsx", "persons.xlsx", "members.csv", "goods.xlsx", "goods_with_errors.xlsx")

WITHOUT_PASSBOOK: Final = 0.15
"""The share of households that have no paper passbook yet."""

_SHORT_NAME: Final = 2
_WORDS: Final = Path(__file__).with_name("samples.toml")
_OLDEST: Final = 1932
_YOUNGEST: Final = 2006
_MADE_AT: Final = datetime(2026, 11, 20, tzinfo=UTC)
_GROUP_WORDS: Final = "一二三四五六七八"
_FULL_WIDTH: Final = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@dataclass(frozen=True)
class Person:
    """One invented person; ``homonym`` tells namesakes of one household and year apart."""

    group: int
    house: int
    name: str
    sex: str
    birth_year: int
    relation: str
    homonym: int = 0


class Words(TypedDict):
    """What ``samples.toml`` holds."""

    village: str
    seed: int
    surnames: list[str]
    clans: list[list[str]]
    first_characters: list[str]
    second_characters: list[str]
    relations: list[str]
    special: list[dict[str, Any]]
    goods: list[list[Any]]


def write_samples(folder: Path) -> None:
    """Write all sample sheets into a folder that exists."""
    words = cast("Words", tomllib.loads(_WORDS.read_text("utf-8")))
    chance = random.Random(words["seed"])  # noqa: S311 because samples must come out the same, not secret
    village = list(_village(words, chance))
    _write(folder / "households.xlsx", lambda book: _households(book, village, words["village"], chance))
    _write(folder / "persons.xlsx", lambda book: _persons(book, village, words["village"], chance))
    _write(folder / "goods.xlsx", lambda book: _goods(book, words["goods"], words["village"]))
    _write(folder / "goods_with_errors.xlsx", lambda book: _goods_with_errors(book, words["goods"]))
    _members(folder / "members.csv", village, words["village"])


def _village(words: Words, chance: random.Random) -> Iterator[Person]:
    """Give the people by household; those who must be there take the place of drawn ones."""
    special = {(entry["group"], entry["house"]): entry["people"] for entry in words["special"]}
    taken = {person[0] for people in special.values() for person in people}
    for group, houses in enumerate(HOUSES, start=1):
        for house in range(1, houses + 1):
            if (group, house) in special:
                for name, sex, year, relation, homonym in special[group, house]:
                    yield Person(group, house, name, sex, year, relation, homonym)
            else:
                yield from _drawn_household(group, house, words, chance, taken)


def _drawn_household(group: int, house: int, words: Words, chance: random.Random, taken: set[str]) -> Iterator[Person]:
    surname = chance.choice(words["clans"][group - 1])
    head_year = chance.randint(1945, 1980)
    sex = chance.choice(("男", "男", "男", "女"))
    yield Person(group, house, _name(surname, words, chance, taken), sex, head_year, "户主")
    for relation in chance.sample(words["relations"], chance.choice((1, 2, 2, 3, 3, 4, 5))):
        age = {"子": -24, "女": -26, "儿媳": -25, "父亲": 24, "母亲": 23}.get(relation, 0)
        year = max(_OLDEST, min(head_year - age + chance.randint(-3, 3), _YOUNGEST))
        other = words["surnames"] if relation in ("配偶", "母亲", "儿媳") else [surname]
        gender = {"子": "男", "父亲": "男", "配偶": "女" if sex == "男" else "男"}.get(relation, "女")
        yield Person(group, house, _name(chance.choice(other), words, chance, taken), gender, year, relation)


def _name(surname: str, words: Words, chance: random.Random, taken: set[str]) -> str:
    while True:
        given = chance.choice(words["first_characters"]) + chance.choice(words["second_characters"])
        if surname + given not in taken:
            taken.add(surname + given)
            return surname + given


def _households(book: "Workbook", village: list[Person], name: str, chance: random.Random) -> None:
    sheet = book.add_worksheet("户主花名册")
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
    sheet.merge_range(0, 0, 0, 7, f"{name}积分超市户主花名册", book.add_format({"bold": True, "font_size": 16}))
    sheet.merge_range(1, 0, 1, 7, "填表日期：2026年11月20日　　单位：户、分")
    for column, heading in enumerate(("序号", "村民小组", "户号", "户主姓名", "人口")):
        sheet.merge_range(2, column, 3, column, heading, bold)
    sheet.merge_range(2, 5, 2, 6, "存折", bold)
    sheet.write_row(3, 5, ("余额", "编号"), bold)
    sheet.merge_range(2, 7, 3, 7, "联系电话", bold)
    row, number = 4, 0
    for group, people in groupby(village, key=lambda person: person.group):
        heads = [person for person in people if person.relation == "户主"]
        sheet.merge_range(row, 1, row + len(heads) - 1, 1, f"{_GROUP_WORDS[group - 1]}组", bold)
        for head in heads:
            number += 1
            size = sum((person.group, person.house) == (group, head.house) for person in village)
            sheet.write_row(row, 2, (head.house, _as_typed(head.name), size + chance.randint(0, 2)))
            sheet.write_number(row, 0, number)
            _write_passbook(sheet, row, head, chance)
            row += 1
    sheet.write_row(row, 0, ("合计", "", number))
    sheet.write_string(row + 1, 0, "填表人：　　　　　审核人：")


def _write_passbook(sheet: "Worksheet", row: int, head: Person, chance: random.Random) -> None:
    """Write a balance in one of the ways it is typed, halves included; some households have no passbook yet."""
    if chance.random() < WITHOUT_PASSBOOK:
        return
    halves = chance.randint(2, 240)
    text = f"{halves // 2}.5" if halves % 2 else str(halves // 2)
    way = chance.choice(("number", "number", "unit", "wide"))
    if way == "number":
        sheet.write_number(row, 5, halves / 2)
    else:
        sheet.write_string(row, 5, f"{text}分" if way == "unit" else text.translate(_FULL_WIDTH))
    sheet.write_string(row, 6, f"YL-{head.group:02}{head.house:02}")


def _as_typed(name: str) -> str:
    """Type a short name with a wide space inside and a long one with a space behind, as many do."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == _SHORT_NAME else f"{name} "


def _persons(book: "Workbook", village: list[Person], name: str, chance: random.Random) -> None:
    for tab, groups in (("一至四组", range(1, 5)), ("五至八组", range(5, 9))):
        sheet = book.add_worksheet(tab)
        sheet.merge_range(0, 0, 0, 7, f"{name}人员登记表（{tab}）", book.add_format({"bold": True, "font_size": 16}))
        headings = ("序号", "组", "户号", "姓名", "性别", "出生年月", "与户主关系", "同名序号")
        sheet.write_row(1, 0, headings, book.add_format({"bold": True}))
        row = 2
        for (group, house), household in groupby(village, key=lambda person: (person.group, person.house)):
            people = list(household) if group in groups else []
            for person in people:
                sheet.write_row(row, 0, (row - 1, f"{group}组", house, person.name, person.sex))
                _write_birth(sheet, book, row, person, chance)
                sheet.write_row(row, 6, (person.relation, person.homonym or None))
                row += 1
            if len(people) > 1:
                sheet.merge_range(row - len(people), 2, row - 1, 2, house)
    book.add_worksheet("填表说明").write_column(0, 0, ("出生年月只取年份。", "同名序号：同户同名同年的人填1、2。"))


def _write_birth(sheet: "Worksheet", book: "Workbook", row: int, person: Person, chance: random.Random) -> None:
    """Write a birth in one of the spellings: date, points, dashes, signs, full width, serial, year alone."""
    year, month, day = person.birth_year, chance.randint(1, 12), chance.randint(1, 28)
    born = datetime(year, month, day)  # noqa: DTZ001 because a spreadsheet knows no time zones
    texts = (
        f"{year}.{month}.{day}",
        f"{year}-{month:02}",
        f"{year}年{month}月{day}日",
        f"{year}.{month}".translate(_FULL_WIDTH),
    )
    way = chance.randrange(len(texts) + 3)
    if way < len(texts):
        sheet.write_string(row, 5, texts[way])
    elif way == len(texts):
        sheet.write_datetime(row, 5, born, book.add_format({"num_format": "yyyy-mm-dd"}))
    elif way == len(texts) + 1:
        sheet.write_number(row, 5, (born - datetime(1899, 12, 30)).days)  # noqa: DTZ001 because serials have no zone
    else:
        sheet.write_number(row, 5, year)


def _members(file: Path, village: list[Person], name: str) -> None:
    """Write the members as an older program saves them: GB18030, commas, a title line."""
    members = village[::12]
    classes = ("普通党员", "党员中心户", "党员网格长", "流动党员", "老党员", "村干部")
    rows: list[list[object]] = [
        [f"{name}党支部党员名册"],
        ["序号", "组", "户号", "姓名", "性别", "出生年月", "政治面貌", "党员类别", "入党时间"],
    ]
    for number, person in enumerate(members):
        standing = "中共预备党员" if person is members[-1] else "中共党员"
        joined = f"{min(person.birth_year + 25 + number % 7, 2025)}年{number % 12 + 1}月"
        about = [person.name, person.sex, f"{person.birth_year}.{number % 12 + 1}"]
        rows.append([number + 1, f"{person.group}组", person.house, *about, standing, classes[number % 6], joined])
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(rows)


_GOODS_HEADINGS: Final = ("条码", "品名", "规格", "单位", "分值", "进价", "库存", "保质期至", "月限量")


def _goods(book: "Workbook", goods: list[list[Any]], name: str) -> None:
    sheet = book.add_worksheet("商品目录")
    sheet.merge_range(0, 0, 0, 8, f"{name}积分超市商品目录", book.add_format({"bold": True, "font_size": 16}))
    sheet.write_row(1, 0, _GOODS_HEADINGS, book.add_format({"bold": True}))
    for row, (code, *rest) in enumerate(goods, start=2):
        _write_goods(sheet, row, [int(code) if row % 3 else code, *rest])


def _write_goods(sheet: "Worksheet", row: int, values: list[Any]) -> None:
    """Write a kind of goods; amounts that stand as text in the list become number cells."""
    for column, value in enumerate(values):
        is_amount = column in (4, 5, 8) and isinstance(value, str) and value.replace(".", "", 1).isdigit()
        sheet.write(row, column, float(value) if is_amount else value)


def _goods_with_errors(book: "Workbook", goods: list[list[Any]]) -> None:
    """Write one row for each mistake that a list of goods really has, among rows that are right."""
    sheet = book.add_worksheet("商品目录")
    sheet.write_row(0, 0, (*_GOODS_HEADINGS, "供货商电话"), book.add_format({"bold": True}))
    salt = goods[2]
    faulty: list[list[Any]] = [
        salt,
        ["6990103300303", *salt[1:]],
        [12345678901234567890, "洗手液", "", "瓶", 8, 6, 10, "", ""],
        ["6.99E+12", "护手霜", "", "支", 6, 5, 4, "", ""],
        ["6990101100102", "牙刷", "", "支", "两分", 2, 30, "", ""],
        ["6990102200207", "香皂", "", "块", -3, 2.4, 48, "", ""],
        ["6990104400407", "抽纸", "", "包", 0.125, 2.2, 36, "", ""],
        ["6990105500502", "白醋", "", "袋", "１e3", 0.5, 50, "", ""],
        ["6990106600607", "", "", "支", 1, 0.8, 50, "", ""],
        ["6990100000700", "作业本", "", "本", 5, 4, "-0", "", ""],
        ["6990101100805", "挂面", "", "包", 6, 5, 32, "27.5.31", ""],
        ["6990102200900", "毛巾", "", "条", 6, 5, 20, "2027-02-30", ""],
        ["6990104401107", "牙膏", "", "支", 8, 6.5, 26, 2027.1, ""],
        ["YL-001", "土鸡蛋", "", "个", 1, 0.8, 100, "", ""],
        [42, "土豆", "", "公斤", 3, 2, "12.5", "", ""],
        [salt[0], "碘盐", "500克", "袋", 4, 3, 10, "", ""],
        ["6990106601307", "垃圾袋", "", "包", "1,00", 6, 18, "", ""],
        ["6990103301705", "白糖", "", "袋", 10, 8.5, datetime(2026, 3, 12), "", "=1+1"],  # noqa: DTZ001 because a spreadsheet knows no time zones
        [690123456712, "口香糖", "", "盒", 5, 4, 10, "2027-05", ""],
        *goods[28:31],
        ["6990104401800", "卫生纸", "", "提", 18, 15, 16, "", ""],
    ]
    plain_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, values in enumerate(faulty, start=1):
        for column, value in enumerate(values):
            sheet.write(row, column, value, plain_date if isinstance(value, datetime) else None)
        sheet.write_string(row, 9, f"139{row:08}")
    sheet.write_formula(len(faulty), 4, "=NA()", None, "#N/A")
    sheet.merge_range(len(faulty) + 2, 4, len(faulty) + 3, 4, 12)
    for step, name in enumerate(("洗洁精", "洗衣粉")):
        sheet.write_row(len(faulty) + 2 + step, 0, (("6990100001400", "6990101101505")[step], name))
    sheet.write_row(len(faulty) + 4, 0, ("合计", "", "", "", 218))


def _write(file: Path, fill: "Callable[[Workbook], None]") -> None:
    from xlsxwriter import Workbook

    with Workbook(str(file), {"strings_to_formulas": False, "in_memory": True}) as book:
        book.set_properties({"created": _MADE_AT})
        fill(book)


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]))
