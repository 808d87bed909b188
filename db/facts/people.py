"""Kinds of the family people: households, persons, members, cards. Names travel as private text beside the line."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from db.facts.body import Body, Code, Count, EntityId, Leg, Several

HolderKind: TypeAlias = Literal["person", "household", "book", "blank"]
VillageNumber: TypeAlias = Annotated[int, Field(ge=1, le=9_998)]
MemberStanding: TypeAlias = Literal["full", "probationary", "activist", "target"]


class HouseholdRegistered(Body):
    """A household of the village; private text: {"name": its head}."""

    KIND: ClassVar[str] = "household_registered"
    group: Count
    house: Count
    residents: Count | None = None


class HouseholdRenamed(Body):
    """The household's head changed; private text: {"name"}."""

    KIND: ClassVar[str] = "household_renamed"
    household: EntityId


class HouseholdMoved(Body):
    """The household now stands in another group or under another house number."""

    KIND: ClassVar[str] = "household_moved"
    household: EntityId
    group: Count
    house: Count


class HouseholdCounted(Body):
    """How many people live in the household now; children are in this number and nowhere else."""

    KIND: ClassVar[str] = "household_counted"
    household: EntityId
    residents: Count


class HouseholdMerged(Body):
    """A household joined another; written at the seat, with what its balance was."""

    KIND: ClassVar[str] = "household_merged"
    household: EntityId
    into: EntityId
    legs: Several[Leg]


class HouseholdLeft(Body):
    """A household moves to another village and takes its points along; written at the seat, counts once a household.

    `signer` is the second signature. Private text: {"name": its head}, for the village it moves to.
    """

    KIND: ClassVar[str] = "household_left"
    household: EntityId
    to_village: VillageNumber
    points: Count
    residents: Count | None = None
    signer: EntityId
    is_verified: bool = False
    legs: Several[Leg]


class HouseholdArriving(Body):
    """The county tells a village who moves there: household `from_household` of another. Private text: {"name"}."""

    KIND: ClassVar[str] = "household_arriving"
    from_village: VillageNumber
    from_household: EntityId
    points: Count
    residents: Count | None = None


class HouseholdArrived(Body):
    """A household that moved here has its account, with the points it brought; once a household. Private: {"name"}."""

    KIND: ClassVar[str] = "household_arrived"
    from_village: VillageNumber
    from_household: EntityId
    group: Count
    house: Count
    residents: Count | None = None
    points: Count
    legs: Several[Leg]


class PersonRegistered(Body):
    """A person of a household; private text: {"name"}. `homonym` tells namesakes of one birth year apart."""

    KIND: ClassVar[str] = "person_registered"
    household: EntityId
    birth_year: Count | None = None
    sex: Literal["f", "m"] | None = None
    homonym: Count = 0


class PersonRenamed(Body):
    """A person's name was corrected; private text: {"name"}."""

    KIND: ClassVar[str] = "person_renamed"
    person: EntityId


class PersonMoved(Body):
    """A person belongs to another household now."""

    KIND: ClassVar[str] = "person_moved"
    person: EntityId
    household: EntityId


class PersonCorrected(Body):
    """Birth year or sex were corrected."""

    KIND: ClassVar[str] = "person_corrected"
    person: EntityId
    birth_year: Count | None = None
    sex: Literal["f", "m"] | None = None
    homonym: Count = 0


class MemberRegistered(Body):
    """A person is a member of the branch."""

    KIND: ClassVar[str] = "member_registered"
    person: EntityId
    class_code: Code
    joined_year: Count | None = None
    standing: MemberStanding = "full"


class MemberCorrected(Body):
    """A member's class, year of joining or standing changed; only full members vote."""

    KIND: ClassVar[str] = "member_corrected"
    member: EntityId
    person: EntityId
    class_code: Code
    joined_year: Count | None = None
    standing: MemberStanding = "full"


class CardIssued(Body):
    """A card for a person or household, a code in the household book, or a blank card to be bound later."""

    KIND: ClassVar[str] = "card_issued"
    number: Code
    holder: HolderKind
    household: EntityId | None = None
    person: EntityId | None = None


class CardBound(Body):
    """A card was given to its holder: a blank one, or a person's own again when they join another household."""

    KIND: ClassVar[str] = "card_bound"
    card: EntityId
    holder: HolderKind
    household: EntityId
    person: EntityId | None = None


class CardStateChanged(Body):
    """A card was lost, found again, returned or stopped."""

    KIND: ClassVar[str] = "card_state_changed"
    card: EntityId
    state: Literal["live", "lost", "returned", "stopped"]


class CardReplaced(Body):
    """A new card in place of an old one; waits for a second signature while it already works."""

    KIND: ClassVar[str] = "card_replaced"
    card: EntityId
    number: Code
    holder: HolderKind
    household: EntityId
    person: EntityId | None = None


class CardBarred(Body):
    """The county put a number on its list of lost cards: that card is refused, whatever the village says of it."""

    KIND: ClassVar[str] = "card_barred"
    number: Code


class CardCleared(Body):
    """The county took a number off its list of lost cards again."""

    KIND: ClassVar[str] = "card_cleared"
    number: Code


class PeopleImported(Body):
    """An import ended: what it read and what it changed. `digest` is SHA-256 of the file.

    Its facts are the `facts` lines before this one; among them are `openings` opening balances of `opening_points` in
    all. Without a `signer` they wait for a second signature, while they count already.
    """

    KIND: ClassVar[str] = "people_imported"
    sheet: Code
    digest: Code
    rows: Count
    added: Count
    changed: Count
    skipped: Count
    facts: Count = 0
    openings: Count = 0
    opening_points: Count = 0
    signer: EntityId | None = None
