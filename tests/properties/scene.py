"""A village whose terminals did not hear of each other in time: real lines of five logs, and the county's common log.

Desk A holds the seat and dies; its backup goes on as log C while A's last lines lie on the dead disk. B is a second
desk, D a second terminal. Each knows what its store had received when it wrote, and so the turns are those of real
stores.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from db.engine import open_sqlite
from db.facts.body import transfer
from db.facts.notice import ExceptionSettled, MessageRead, MessageSent, RuleSet, SettledSubject
from db.facts.people import (
    CardBarred,
    CardCleared,
    HouseholdArrived,
    HouseholdArriving,
    HouseholdLeft,
    HouseholdMoved,
    HouseholdRegistered,
    HouseholdRenamed,
    MemberRegistered,
    PersonRegistered,
)
from db.facts.period import DayClosed, DayOpened
from db.facts.points import AwardRequested, RequestAnswered, Rule, SchemeLoaded
from db.facts.shop import BestBeforeSet, ItemRegistered, ItemRenamed, MonthlyLimitSet, PriceSet, StockCounted
from db.facts.terminal import (
    DeskHandedOver,
    LogBegun,
    OperatorAdded,
    OperatorStateChanged,
    OperatorSuspended,
    Place,
    SeatGranted,
    SeatTaken,
    SuspensionLifted,
)
from db.journal import Sealed
from db.line import Fact
from db.store import Store, begin_own_log
from tests.bodies import (
    AwardToNobody,
    WeatherNoted,
    award,
    card_found,
    card_lost,
    merge,
    opening,
    person_card,
    redemption,
    reversal,
    slip_on_paper,
    sweep,
)
from tests.ledger import IN_MEMORY, NOW, VILLAGE, bring, copy_database, lines_of, new_store, write

A: Final = 811_467
B: Final = 3
C: Final = 1_048_575
D: Final = 500
COUNTY: Final = 0

MOVER: Final = HouseholdArriving(from_village=125, from_household=77, points=800, residents=2)

Lines = dict[tuple[int, int], list[Sealed]]
"""The lines of each (village, log)."""


@dataclass
class Scene:
    """Every line that was written, and the facts that the named cases are about."""

    lines: Lines = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    def id_of(self, name: str) -> int:
        """The id of the entity a named fact made."""
        return self.facts[name].id


@cache
def scene() -> Scene:
    """Write the whole story once."""
    made = Scene()
    common = new_store(COUNTY, village=0)
    _county_says_to_all(common)
    desk, second, terminal = new_store(A, seed=2), new_store(B, seed=3), new_store(D, seed=4)
    for store in (desk, second, terminal):
        bring(common, store)
    _desk_begins(desk, made)
    for store in (second, terminal):
        bring(desk, store)
    _second_desk_writes(second, made)
    _terminal_writes(terminal, made)
    write(desk, opening(made.id_of("li"), 12_000, "P-7"))
    bring(second, desk)
    restored = _restored(desk)
    _tail_of_the_dead_desk(desk, made)
    county = new_store(COUNTY, seed=5)
    bring(common, county)
    bring(second, county)
    _county_writes(county, made)
    _restored_desk_writes(restored, made)
    bring(terminal, restored)
    bring(desk, restored)
    _restored_desk_hears(restored, made)
    _collect(made, {A: desk, B: second, C: restored, D: terminal, COUNTY: county}, common)
    return made


def _county_says_to_all(common: Store) -> None:
    rules = (Rule(name="base_points", value=10_000),)
    write(
        common,
        ItemRegistered(name="食盐", unit="袋", codes=("06990103300302",)),
        PriceSet(item=1, from_day="2026-01-01", points=300),
        SchemeLoaded(
            scheme="zhijin_household", audience="household", label_zh="织金积分", label_en="Zhijin points",
            digest="0" * 64, from_day="2026-01-01", items=0, rules=rules,
        ),
        WeatherNoted(),
        MessageSent(day="2026-11-20"),
    )  # fmt: skip


def _desk_begins(desk: Store, made: Scene) -> None:
    write(desk, LogBegun(till=1, program="kiosk 0.1.0"), SeatTaken(seat=1))
    (operator,) = write(desk, OperatorAdded(badge="3001231234567894", role="secretary"), private={"name": "周会计"})
    (made.facts["day"],) = write(desk, DayOpened(day="2026-11-20"), by=operator.id)
    for house, (key, name) in enumerate(
        {"wang": "王明", "li": "李秀", "zhao": "赵新", "zhou": "周𠮷", "chen": "陈芳"}.items(), start=1
    ):
        (made.facts[key],) = write(desk, HouseholdRegistered(group=3, house=house), private={"name": name})
    (made.facts["person"],) = write(desk, PersonRegistered(household=made.id_of("wang")), private={"name": "王小明"})
    made.facts["card"], made.facts["rice"], *_ = write(
        desk,
        person_card("2701231234567891", made.id_of("wang")),
        ItemRegistered(name="大米", unit="克", codes=("06990102200207", "06990102200214")),
        MemberRegistered(person=made.id_of("person"), class_code="retired"),
    )
    write(
        desk,
        PriceSet(item=made.id_of("rice"), from_day="2026-01-01", points=300),
        StockCounted(seat=1, item=made.id_of("rice"), quantity=100),
        award(made.id_of("wang"), 5_000),
        award(made.id_of("zhao"), 400),
        award(made.id_of("chen"), 600),
        by=operator.id,
    )


def _second_desk_writes(second: Store, made: Scene) -> None:
    """The second desk renames, loses a card, imports a passbook again and awards what will be reversed twice."""
    write(second, LogBegun(till=2, program="kiosk 0.1.0"), DayOpened(day="2026-11-21"))
    (made.facts["renamed"],) = write(second, HouseholdRenamed(household=made.id_of("wang")), private={"name": "王亮"})
    made.facts["award"], *_ = write(
        second,
        award(made.id_of("wang"), 2_000, paper="N-1"),
        card_lost(made.id_of("card")),
        AwardToNobody(),
        opening(made.id_of("li"), 10_000, "P-7"),
        opening(made.id_of("li"), 500, "P-8"),
    )


def _terminal_writes(terminal: Store, made: Scene) -> None:
    """The second terminal moves the household that is being renamed, and awards one that is being merged."""
    write(
        terminal,
        LogBegun(till=3, program="kiosk 0.1.0"),
        HouseholdMoved(household=made.id_of("wang"), group=5, house=9),
    )
    (made.facts["late"],) = write(terminal, award(made.id_of("zhao"), 700, paper="N-2"))
    (made.facts["request"],) = write(
        terminal,
        AwardRequested(household=made.id_of("zhou"), scheme="zhijin_household", item="volunteer", points=9_000),
    )
    write(terminal, WeatherNoted(), private={"note": "没有网"})


def _restored(desk: Store) -> Store:
    """The backup of the first desk, opened on a new machine as log C."""
    engine = open_sqlite(IN_MEMORY)
    copy_database(desk.engine, engine)
    restored = Store(engine, VILLAGE)
    with restored.read() as connection:
        seq = len(lines_of(connection, VILLAGE, A))
    with restored.write(now=NOW, by=None, begins_log=True) as act:
        begin_own_log(act.connection, VILLAGE, C)
        act.change_log(C)
        act.append(LogBegun(till=4, program="kiosk 0.1.0", continues=Place(log=A, seq=seq)))
        act.append(SeatTaken(seat=2))
    return restored


def _tail_of_the_dead_desk(desk: Store, made: Scene) -> None:
    """What the first desk wrote after its last backup: found on its disk much later."""
    rice = made.id_of("rice")
    write(
        desk,
        redemption(made.id_of("wang"), rice, 4, 300, number=1),
        redemption(made.id_of("li"), rice, 30, 300, number=2),
        reversal(made.id_of("award"), made.id_of("wang"), 2_000),
        ItemRenamed(item=rice, name="新米", unit="克"),
        PriceSet(item=rice, from_day="2026-11-01", points=310),
        StockCounted(seat=1, item=rice, quantity=500),
        award(made.id_of("zhou"), 9_000, request=made.id_of("request")),
        DayClosed(day="2026-11-20", opened=made.id_of("day")),
        WeatherNoted(),
        redemption(made.id_of("li"), rice, 1, 300, number=3),
        _leaves(made.id_of("chen")),
    )


def _county_writes(county: Store, made: Scene) -> None:
    """The county's price is older than what the desks know by then, and stands above them."""
    rice = made.id_of("rice")
    write(
        county,
        PriceSet(item=rice, from_day="2026-11-01", points=250),
        MonthlyLimitSet(item=rice, quantity=40),
        SeatGranted(log=D, seat=9, replaces=A),
        WeatherNoted(),
        RequestAnswered(request=made.id_of("request"), is_approved=True, signer=1, is_verified=True),
        CardBarred(number="2701231234567891"),
        CardCleared(number="2701231234567891"),
        CardBarred(number="2601239999999999"),
        RuleSet(rules="points", name="award_limit_points", value=900, from_day="2026-11-01"),
    )
    for _ in range(2):
        write(county, MOVER, private={"name": "吴芳"})
    settled = ExceptionSettled(cause="written_twice", subjects=(SettledSubject(subject="P-7", detail="-"),))
    write(county, MessageSent(day="2026-11-20"), settled, private={"words": "看过"})


def _restored_desk_writes(restored: Store, made: Scene) -> None:
    """The restored desk counts, finds the card, reverses the award again, redeems again and merges."""
    rice, wang = made.id_of("rice"), made.id_of("wang")
    write(restored, DayOpened(day="2026-11-22"), StockCounted(seat=2, item=rice, quantity=60))
    write(
        restored,
        card_found(made.id_of("card")),
        reversal(made.id_of("award"), wang, 2_000),
        redemption(wang, rice, 2, 300, seat=2, number=1),
        redemption(made.id_of("li"), rice, 20, 300, seat=2, number=2),
        slip_on_paper(made.id_of("li"), 300, number=3),
        slip_on_paper(made.id_of("li"), 200, number=4),
        slip_on_paper(made.id_of("li"), 200, number=4),
        merge(made.id_of("zhao"), made.id_of("zhou"), 400),
        MonthlyLimitSet(item=rice, quantity=5),
        BestBeforeSet(item=rice, day="2027-01-31"),
        OperatorSuspended(operator=made.id_of("day"), from_day="2026-11-22", until_day="2026-12-31", reason="careless"),
        AwardToNobody(),
    )


def _restored_desk_hears(restored: Store, made: Scene) -> None:
    """With everybody's lines at hand it sweeps the late credit and fulfils the request a second time."""
    write(
        restored,
        award(made.id_of("zhou"), 9_000, request=made.id_of("request")),
        RequestAnswered(request=made.id_of("request"), is_approved=False, signer=2, is_verified=False),
        OperatorStateChanged(operator=made.id_of("day"), state="ended"),
        SuspensionLifted(operator=made.id_of("day")),
        DeskHandedOver(
            from_operator=made.id_of("day"),
            to_operator=made.id_of("day"),
            redemptions=1,
            points=300,
            slips_booked=1,
            slips_owed=0,
            baskets=0,
            waiting=1,
            low_stock=0,
        ),
        MessageRead(is_common=False, seq=9),
        MessageRead(is_common=True, seq=5),
        _leaves(made.id_of("chen")),
    )
    made.facts["arrived"], made.facts["arrived_again"] = _arrives(restored), _arrives(restored)
    (made.facts["swept"],) = write(restored, sweep(made.id_of("zhao"), made.id_of("zhou"), 700))


def _leaves(household: int) -> HouseholdLeft:
    """The household moves to another village; the seat and its copy both close it out."""
    legs = transfer("moved", household, -600)
    return HouseholdLeft(household=household, to_village=124, points=600, signer=1, legs=legs)


def _arrives(store: Store) -> Fact:
    """The mover whom the county announced twice is opened."""
    with store.write(now=NOW, by=None) as act:
        body = HouseholdArrived(
            from_village=MOVER.from_village, from_household=MOVER.from_household, group=9, house=1, residents=2,
            points=MOVER.points, legs=transfer("moved", act.next_id(), MOVER.points),
        )  # fmt: skip
        return act.append(body, {"name": "吴芳"})


def _collect(made: Scene, stores: dict[int, Store], common: Store) -> None:
    with common.read() as connection:
        made.lines[0, COUNTY] = lines_of(connection, 0, COUNTY)
    for log, store in stores.items():
        with store.read() as connection:
            made.lines[VILLAGE, log] = lines_of(connection, VILLAGE, log)
        store.close()
    common.close()
