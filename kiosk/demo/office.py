"""What else happens in the year: second signatures, entries taken back, households that change, goods nobody knows."""

import random
from datetime import date
from typing import Final

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, OPENING, YEAR, exchange_day, shop_day_from, shop_days
from kiosk.demo.chance import happens
from kiosk.demo.goods import gtin, hundredths
from kiosk.demo.people import Presence
from kiosk.demo.setting_up import DemoVillage, Home
from kiosk.demo.words import words
from kiosk.domain.goods import find_items, name_item, register_provisional
from kiosk.domain.people import HouseholdPlace, merge_household, move_household, rename_household
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import Refused
from kiosk.gs1 import check_digit

REVERSALS_A_HOUSEHOLD: Final = 0.085
FEWEST_REVERSALS: Final = 3
DECLINED: Final = 0.1
UNSIGNED_FROM: Final = date(YEAR, 12, 14)
"""What was asked for from this day on still waits at the end of the year."""

_REVERSED_FROM: Final = date(YEAR, 2, 1)
_LATELY: Final = 60
_TRIES: Final = 8
_MERGED_ON: Final = date(YEAR, 8, 10)
_RENAMED_ON: Final = date(YEAR, 5, 18)
_MOVED_ON: Final = date(YEAR, 9, 7)
_LATE_HONOUR_ON: Final = date(YEAR, 12, 24)
_UNKNOWN_GOODS_ON: Final = date(YEAR, 6, 18)
_NAMED_ON: Final = date(YEAR, 6, 22)
_LATE_GOODS_ON: Final = date(YEAR, 12, 21)
_PROVISIONAL: Final = "临时物品"


def plan_office(village: DemoVillage, agenda: Agenda) -> None:
    """Put what the secretary and the supervisor do into the year."""
    chance = village.chance.of("office")
    for month in range(1, 13):
        agenda.put(exchange_day(month), CLOSING - 12, _sign, village, chance)
    days = [day for day in shop_days() if day >= _REVERSED_FROM]
    for _entry in range(max(FEWEST_REVERSALS, round(len(village.homes) * REVERSALS_A_HOUSEHOLD))):
        agenda.put(chance.choice(days), CLOSING - 14, _reverse, village, chance)
    agenda.put(shop_day_from(_LATE_HONOUR_ON), OPENING + 40, _honour_late, village, chance)
    _plan_households(village, agenda, chance)
    named, unnamed = words()["provisional"]
    agenda.put(shop_day_from(_UNKNOWN_GOODS_ON), OPENING + 50, _keep_unknown, village, named[0])
    agenda.put(shop_day_from(_NAMED_ON), OPENING + 2, _name_unknown, village, named)
    agenda.put(shop_day_from(_LATE_GOODS_ON), OPENING + 50, _keep_unknown, village, unnamed[0])


def _plan_households(village: DemoVillage, agenda: Agenda, chance: random.Random) -> None:
    """One household joins another, one has a new head, one moves; none of them is a member's."""
    of_members = {member.home.household_id for member in village.members}
    calm = [home for home in village.homes if home.household_id not in of_members and _is_calm(home)]
    alone = [home for home in calm if home.drawn.residents == 1]
    joining = chance.choice(alone or calm)
    others = [home for home in calm if home is not joining]
    into = next((home for home in others if home.drawn.group == joining.drawn.group), others[0])
    agenda.put(shop_day_from(_MERGED_ON), CLOSING - 16, _merge, village, joining, into)
    older = [home for home in others if len(home.drawn.persons) > 1]
    agenda.put(shop_day_from(_RENAMED_ON), CLOSING - 16, _rename, village, max(older, key=_age))
    agenda.put(shop_day_from(_MOVED_ON), CLOSING - 16, _move, village, chance.choice(others))


def _is_calm(home: Home) -> bool:
    return home.drawn.presence in {Presence.LOW, Presence.AWAY}


def _age(home: Home) -> int:
    return home.drawn.head.age


def _sign(village: DemoVillage, chance: random.Random) -> None:
    """The supervisor comes on the day of exchange and answers what waits; what is doubtful is declined."""
    signature = Signature(village.desk.supervisor.badge, is_verified=True)
    for waiting in list_requests(village.desk.store):
        if (waiting.day or "") >= UNSIGNED_FROM.isoformat():
            continue
        is_doubtful = waiting.points is not None and happens(chance, DECLINED)
        answer = decline_request if is_doubtful else approve_request
        village.desk.attendant_does(answer, waiting.request_id, signature)


def _reverse(village: DemoVillage, chance: random.Random) -> None:
    """Take back one of the last entries; one whose points are spent stays, and another was the wrong one."""
    lately = village.awarded[-_LATELY:]
    for entry_id in chance.sample(lately, min(_TRIES, len(lately))):
        try:
            posted = village.desk.secretary_does(reverse_entry, entry_id)
        except Refused as refused:
            if refused.code not in {"points_missing", "entry_reversed_before"}:
                raise
        else:
            village.desk.slip_comes(posted.entry_id)
            return


def _honour_late(village: DemoVillage, chance: random.Random) -> None:
    """An honour of the county comes at the end of the year: more than one signature is allowed to give."""
    home = chance.choice([home for home in village.open_homes if home.activity])
    earning = Earning("honour_county", evidence="document")
    village.desk.attendant_does(award_points, (Recipient(home.household_id, may_wait=True),), earning)


def _merge(village: DemoVillage, joining: Home, into: Home) -> None:
    village.desk.secretary_does(merge_household, joining.household_id, into.household_id)
    joining.is_open = False


def _rename(village: DemoVillage, home: Home) -> None:
    village.desk.secretary_does(rename_household, home.household_id, home.drawn.persons[1].name)


def _move(village: DemoVillage, home: Home) -> None:
    """Build a new house behind the last one of the group."""
    group = home.drawn.group
    last = max(each.drawn.house for each in village.homes if each.drawn.group == group)
    village.desk.secretary_does(move_household, home.household_id, HouseholdPlace(group, last + 1))


def _keep_unknown(village: DemoVillage, body: str) -> None:
    village.desk.attendant_does(register_provisional, _code(body), _PROVISIONAL)


def _name_unknown(village: DemoVillage, goods: list[str]) -> None:
    body, name, unit, points = goods
    with village.desk.store.read() as connection:
        (item_id,) = find_items(connection, village.desk.store.village, _code(body))
    village.desk.secretary_does(name_item, item_id, name, unit)
    village.desk.secretary_does(set_price, item_id, DatedPrice(village.desk.day.isoformat(), hundredths(points)))


def _code(body: str) -> str:
    return gtin(body + check_digit(body))
