"""Households, persons, members and cards, each aspect with the rank that holds it."""

from typing import Any, ClassVar, Final

from sqlalchemy import Index, text

from db.tables.columns import OPTIONS, ORDERED, ProjectionTable, key, ordered, whole, words

_IS_MERGED: Final = text("merged_into_id IS NOT NULL")


class Household(ProjectionTable):
    """A household: its place (group and house number), the fact that holds its head's name, and its state."""

    __tablename__: ClassVar[Any] = "household"
    __table_args__: ClassVar[Any] = (
        Index("household_place", "village", "group_number", "house_number"),
        Index("household_name", "village", "name_id"),
        Index("household_joined", "village", "merged_into_id", sqlite_where=_IS_MERGED, postgresql_where=_IS_MERGED),
        OPTIONS,
    )
    village: int = key()
    household_id: int = key()
    group_number: int | None = whole()
    house_number: int | None = whole()
    place_rank: str | None = ordered()
    name_id: int | None = whole()
    name_rank: str | None = ordered()
    residents: int | None = whole()
    residents_rank: str | None = ordered()
    state: str | None = words()
    merged_into_id: int | None = whole()
    state_rank: str | None = ordered()


class Leaving(ProjectionTable):
    """A household that left for another village, as its seat said it; of several of one household the first counts."""

    __tablename__: ClassVar[Any] = "leaving"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    household_id: int | None = whole()
    to_village: int | None = whole()
    points: int | None = whole()
    residents: int | None = whole()


class Arrival(ProjectionTable):
    """A household that moves here from another village, as the county said it; of several of one the first counts."""

    __tablename__: ClassVar[Any] = "arrival"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    from_village: int | None = whole()
    from_household_id: int | None = whole()
    points: int | None = whole()
    residents: int | None = whole()
    at: int | None = whole()


class Person(ProjectionTable):
    """A person: household, the fact that holds the name, and what tells homonyms apart."""

    __tablename__: ClassVar[Any] = "person"
    __table_args__: ClassVar[Any] = (
        Index("person_household", "village", "household_id"),
        Index("person_name", "village", "name_id"),
        OPTIONS,
    )
    village: int = key()
    person_id: int = key()
    household_id: int | None = whole()
    household_rank: str | None = ordered()
    name_id: int | None = whole()
    name_rank: str | None = ordered()
    birth_year: int | None = whole()
    sex: str | None = words()
    homonym: int | None = whole()
    details_rank: str | None = ordered()
    state: str | None = words()
    state_rank: str | None = ordered()


class Member(ProjectionTable):
    """A branch member: the person, class, year of joining and standing (full, probationary, activist, target)."""

    __tablename__: ClassVar[Any] = "member"
    __table_args__: ClassVar[Any] = (Index("member_person", "village", "person_id"), OPTIONS)
    village: int = key()
    member_id: int = key()
    person_id: int | None = whole()
    class_code: str | None = words()
    joined_year: int | None = whole()
    standing: str | None = words()
    details_rank: str | None = ordered()


class Card(ProjectionTable):
    """A card or household-book code: number, holder and state (live, lost, replaced, returned, stopped)."""

    __tablename__: ClassVar[Any] = "card"
    __table_args__: ClassVar[Any] = (
        Index("card_number", "village", "number"),
        Index("card_household", "village", "household_id"),
        OPTIONS,
    )
    village: int = key()
    card_id: int = key()
    number: str | None = words()
    holder_kind: str | None = words()
    person_id: int | None = whole()
    household_id: int | None = whole()
    number_rank: str | None = ordered()
    holder_rank: str | None = ordered()
    state: str | None = words()
    state_rank: str | None = ordered()


class CardBar(ProjectionTable):
    """A number on the county's list of lost cards, or taken off it again; it may be of a card nobody has registered."""

    __tablename__: ClassVar[Any] = "card_bar"
    village: int = key()
    number: str = key(ORDERED)
    is_barred: int | None = whole()
    bar_rank: str | None = ordered()
