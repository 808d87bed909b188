"""The kinds of docs/ledger.md with the fields of each body, and a strict reading of one.

A field is `name:type`. A question mark after the type allows null; `=value` is what a field means that was left out.
`[type]` is a list. Anything else in a body, or anything missing, makes it a body that this program cannot read.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from .lines import DAY, LONGEST_LINE
from .strict import Json, is_integer, parse_json

BODIES: Final[Mapping[str, str]] = {
    "log_begun": "till:quantity program:code continues:place?=null",
    "seat_taken": "seat:seat",
    "recovered": "line:line_text?=null packed:line_text?=null after:count seat:seat?=null",
    "seat_granted": "log:log seat:seat replaces:log?=null",
    "operator_added": "badge:code role:role person:id?=null",
    "operator_state_changed": "operator:id state:operator_state",
    "desk_handed_over": "from_operator:id to_operator:id redemptions:count points:points slips_booked:count "
    "slips_owed:count baskets:count waiting:count low_stock:count",
    "operator_suspended": "operator:id from_day:day until_day:day reason:suspension_reason",
    "suspension_lifted": "operator:id",
    "day_opened": "day:day",
    "day_opened 2": "day:day clock_day:day doubt:doubt?=null signer:id?=null is_verified:bool=false",
    "day_closed": "day:day opened:id",
    "day_closed 2": "day:day opened:id redemptions:count slips_booked:count slips_counted:count?=null",
    "forms_printed": "use:form_use till:count first:quantity count:quantity goods:[id]=[]",
    "form_entered": "use:form_use till:count number:quantity form_day:day of:id",
    "slip_copied": "redemption:id",
    "spot_counted": "goods:[spot]",
    "spot_skipped": "items:[id] reason:skip_reason",
    "household_registered": "group:count house:count residents:count?=null",
    "household_renamed": "household:id",
    "household_moved": "household:id group:count house:count",
    "household_counted": "household:id residents:count",
    "household_merged": "household:id into:id legs:[leg]",
    "household_left": "household:id to_village:village points:count residents:count?=null signer:id "
    "is_verified:bool=false legs:[leg]",
    "household_arriving": "from_village:village from_household:id points:count residents:count?=null",
    "household_arrived": "from_village:village from_household:id group:count house:count residents:count?=null "
    "points:count legs:[leg]",
    "person_registered": "household:id birth_year:count?=null sex:sex?=null homonym:count=0",
    "person_renamed": "person:id",
    "person_moved": "person:id household:id",
    "person_corrected": "person:id birth_year:count?=null sex:sex?=null homonym:count=0",
    "member_registered": 'person:id class_code:code joined_year:count?=null standing:standing="full"',
    "member_corrected": 'member:id person:id class_code:code joined_year:count?=null standing:standing="full"',
    "card_issued": "number:code holder:holder household:id?=null person:id?=null",
    "card_bound": "card:id holder:holder household:id person:id?=null",
    "card_state_changed": "card:id state:card_state",
    "card_replaced": "card:id number:code holder:holder household:id person:id?=null",
    "card_barred": "number:code",
    "card_cleared": "number:code",
    "message_sent": "day:day",
    "message_read": "is_common:bool seq:id",
    "rule_set": "rules:code name:code value:count from_day:day",
    "exception_settled": "cause:code subjects:[subject]",
    "people_imported": "sheet:code digest:code rows:count added:count changed:count skipped:count facts:count=0 "
    "openings:count=0 opening_points:count=0 signer:id?=null",
    "goods_imported": "digest:code rows:count added:count changed:count skipped:count",
    "scheme_item_set": "scheme:code code:code group:code position:count label_zh:label label_en:label points:points "
    "unit_zh:label?=null unit_en:label?=null monthly_cap:count?=null is_routine:bool=false needs_evidence:bool=false "
    "is_active:bool=true from_day:day",
    "scheme_loaded": "scheme:code audience:audience label_zh:label label_en:label digest:code from_day:day items:count "
    "rules:[rule]",
    "points_awarded": "household:id person:id?=null scheme:code item:code quantity:quantity=1 points:points "
    "paper:code?=null evidence:evidence?=null request:id?=null legs:[leg]",
    "award_requested": "household:id person:id?=null scheme:code item:code quantity:quantity=1 points:points "
    'paper:code?=null evidence:evidence?=null reason:request_reason="over_limit"',
    "points_deducted": "household:id person:id?=null scheme:code item:code quantity:quantity=1 asked:count "
    "points:count paper:code?=null evidence:evidence?=null legs:[leg]",
    "deduction_reversed": "deduction:id household:id points:count legs:[leg]",
    "deduction_reversed 2": "deduction:id household:id points:count legs:[leg] reason:reversal_reason",
    "request_answered": "request:id is_approved:bool signer:id is_verified:bool",
    "award_reversed": "award:id household:id points:points legs:[leg]",
    "award_reversed 2": "award:id household:id points:points legs:[leg] reason:reversal_reason",
    "opening_balance_posted": "household:id points:count paper:code signer:id?=null is_verified:bool=false legs:[leg]",
    "opening_reversed": "opening:id household:id points:count legs:[leg]",
    "opening_reversed 2": "opening:id household:id points:count legs:[leg] reason:reversal_reason",
    "objection_raised": "household:id entry:id?=null till:count number:count points:points?=null "
    "reason:objection_reason",
    "objection_answered": "objection:id is_upheld:bool reply:objection_reply reversal:id?=null signer:id "
    "is_verified:bool=false",
    "balance_swept": "household:id into:id points:count legs:[leg]",
    "meeting_called": "template:code counts:counts groups:[count]=[] planned_day:day?=null planned_hour:hour?=null",
    "meeting_cancelled": "meeting:id reason:cancel_reason",
    "expected_listed": "meeting:id attendees:[attendee]",
    "sign_in_opened": "meeting:id expected:count",
    "meeting_begun": "meeting:id",
    "signed_in": "meeting:id household:id person:id?=null card:id?=null entry:sign_in_entry is_late:bool=false "
    "late_minutes:count?=null is_observer:bool=false is_fast:bool=false request:id?=null",
    "sign_in_undone": "sign_in:id meeting:id reason:undo_reason",
    "leave_set": "meeting:id household:id person:id?=null reason:leave_reason?",
    "heads_counted": "meeting:id heads:count",
    "attendance_awarded": "meeting:id sign_in:id household:id person:id?=null scheme:code item:code points:points "
    "legs:[leg]",
    "meeting_ended": "meeting:id expected:count present:count late:count leave:count absent:count observers:count "
    "heads:count?=null awards:count points:points signer:id?=null is_verified:bool=false closing:[place]",
    "sign_in_requested": "meeting:id household:id person:id?=null reason:correction_reason paper:code?=null "
    "is_late:bool=false",
    "suggestion_submitted": "household:id person:id?=null topic:topic meeting:id?=null paper:code?=null",
    "suggestion_discussed": "suggestion:id meeting:id?=null",
    "suggestion_answered": "suggestion:id is_adopted:bool reply:reply signer:id?=null is_verified:bool=false",
    "suggestion_awarded": "suggestion:id household:id person:id?=null scheme:code item:code points:points "
    "request:id?=null legs:[leg]",
    "suggestion_award_requested": "suggestion:id household:id person:id?=null scheme:code item:code points:points "
    "reason:request_reason",
    "item_registered": "name:label unit:label codes:[code] is_provisional:bool=false",
    "item_renamed": "item:id name:label unit:label is_provisional:bool=false",
    "code_added": "item:id code:code",
    "code_added 2": "item:id code:code quantity:quantity",
    "goods_wished": "item:id?=null code:code?=null sort:wish_sort?=null",
    "price_set": "item:id from_day:day points:count",
    "price_set 2": "item:id from_day:day points:count reason:price_reason",
    "monthly_limit_set": "item:id quantity:count?",
    "best_before_set": "item:id day:day?",
    "redemption_delivered": "redemption:id deliverer:id",
    "opening_days_set": "weekdays:[weekday] from_day:day",
    "exchange_day_set": "day:day is_held:bool",
    "redemption_limit_set": "item:id? span:span quantity:count? from_day:day until_day:day?=null "
    "festival:festival?=null",
    "stock_counted": "seat:seat item:id quantity:count",
    "fund_received": "source:fund_source amount:quantity paper:code?=null",
    "fund_reversed": "received:id amount:quantity",
    "goods_received": "seat:seat item:id quantity:quantity best_before:day?=null",
    "delivery_received": "source:source kinds:quantity cost:count?=null",
    "delivery_received 2": "source:source kinds:quantity cost:count?=null costs:[count]=[]",
    "delivery_cost_set": "delivery:id cost:count",
    "delivery_cost_set 2": "delivery:id cost:count costs:[count]",
    "stock_lowering_requested": "item:id quantity:quantity reason:lowering counted:count?=null",
    "stock_lowered": "seat:seat item:id quantity:quantity reason:lowering request:id",
    "redemption_voided": "seat:seat redemption:id household:id request:id?=null lines:[back] points:points legs:[leg]",
    "slip_recovered": "seat:seat till:count number:count slip:code?=null household:id points:points legs:[leg]",
    "void_requested": "redemption:id household:id slip:code points:points",
    "goods_returned": "seat:seat redemption:id line:count item:id quantity:quantity before:count to:whither "
    "reason:waste_reason?=null household:id request:id?=null points:count legs:[leg]",
    "return_requested": "redemption:id household:id slip:code lines:[asked] points:points",
    "redemption_made": "seat:seat till:count number:count slip:code household:id person:id?=null card:id?=null "
    "entry:entry no_card_reason:no_card_reason?=null lines:[line] points:points before:points after:points legs:[leg]",
    "redemption_made 2": "seat:seat till:count number:count slip:code household:id person:id?=null card:id?=null "
    "entry:entry no_card_reason:no_card_reason?=null lines:[line] points:points before:points after:points legs:[leg] "
    "proxy:id?=null is_to_deliver:bool=false",
}
"""Fields by kind, and by kind and version where the version is not 1."""

PARTS: Final[Mapping[str, str]] = {
    "leg": "account:account household:id?=null points:points",
    "line": "item:id quantity:quantity each:count per:quantity=1 points:count is_over_book:bool=false",
    "spot": "item:id booked:points counted:count",
    "back": "item:id quantity:quantity",
    "asked": "line:count item:id quantity:quantity to:whither reason:waste_reason?=null",
    "rule": "name:code value:number",
    "place": "log:log seq:count",
    "subject": "subject:label detail:label",
    "attendee": "household:id person:id?=null",
}
HOUR: Final = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
LARGEST_AMOUNT: Final = 2**40
ACCOUNTS: Final = ("issued", "redeemed", "expired", "adjusted", "opening", "moved")
"""The village's own accounts."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("household", *ACCOUNTS),
    "audience": ("household", "member"),
    "cancel_reason": ("mistake", "too_few", "weather", "other"),
    "card_state": ("live", "lost", "returned", "stopped"),
    "correction_reason": ("forgotten", "no_card", "power", "other"),
    "counts": ("person", "household"),
    "doubt": ("unset", "behind", "ahead"),
    "entry": ("card", "book", "found", "typed", "form"),
    "form_use": ("redemption", "sign_in"),
    "evidence": ("site", "document", "photo", "witness"),
    "holder": ("person", "household", "book", "blank"),
    "leave_reason": ("farm", "away", "ill", "work", "other"),
    "source": ("purchase", "donation", "village", "grant"),
    "festival": ("spring", "dragon_boat", "mid_autumn", "other"),
    "fund_source": ("grant", "donation", "village", "other"),
    "lowering": ("counted", "expired", "damaged", "other"),
    "no_card_reason": ("forgotten", "lost", "proxy"),
    "operator_state": ("active", "ended"),
    "suspension_reason": ("absent", "careless", "rude", "own_wish", "other"),
    "price_reason": ("cost", "ordered", "demand", "near_expiry", "mistake", "other"),
    "reply": ("will_do", "done", "no_money", "not_ours", "already", "other"),
    "request_reason": ("over_limit", "own_household"),
    "role": ("attendant", "secretary", "supervisor"),
    "sex": ("f", "m"),
    "sign_in_entry": ("card", "book", "found"),
    "span": ("visit", "day", "month", "quarter", "year", "festival"),
    "skip_reason": ("no_time", "shelf_in_use", "locked_away", "other"),
    "standing": ("full", "probationary", "activist", "target"),
    "topic": ("road", "water", "environment", "shop", "elders", "safety", "other"),
    "wish_sort": ("staple", "seasoning", "cleaning", "hygiene", "school", "tools", "seeds", "other"),
    "undo_reason": ("wrong_card", "not_here", "other"),
    "objection_reason": ("not_ours", "points_wrong", "goods_wrong", "twice", "missing", "other"),
    "objection_reply": (
        "reversed",
        "by_hand",
        "entry_right",
        "rule_applied",
        "no_evidence",
        "too_late",
        "other",
    ),
    "reversal_reason": ("mistake", "twice", "wrong_household", "untrue", "objection", "unsigned", "other"),
    "whither": ("stock", "waste"),
    "waste_reason": ("expired", "damaged", "other"),
}
SCALARS: Final[Mapping[str, Callable[[object], bool]]] = {
    "id": lambda value: is_integer(value, 1),
    "points": lambda value: is_integer(value, -LARGEST_AMOUNT, LARGEST_AMOUNT),
    "count": lambda value: is_integer(value, 0, LARGEST_AMOUNT),
    "village": lambda value: is_integer(value, 1, 9998),
    "weekday": lambda value: is_integer(value, 1, 7),
    "quantity": lambda value: is_integer(value, 1, LARGEST_AMOUNT),
    "seat": lambda value: is_integer(value, 1, 2**20 - 1),
    "number": is_integer,
    "log": lambda value: is_integer(value, 1, 2**20 - 1),
    "bool": lambda value: isinstance(value, bool),
    "code": lambda value: isinstance(value, str) and 0 < len(value) <= 64,
    "line_text": lambda value: isinstance(value, str) and 0 < len(value) <= LONGEST_LINE,
    "label": lambda value: isinstance(value, str) and 0 < len(value) <= 200,
    "day": lambda value: isinstance(value, str) and bool(DAY.fullmatch(value)),
    "hour": lambda value: isinstance(value, str) and bool(HOUR.fullmatch(value)),
}


class UnreadError(ValueError):
    """A fact that is kept without consequence; `reason` is kind or body."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


def read_body(kind: str, version: int, body: Json) -> Json:
    """Return a body with every field of its kind; raises UnreadError."""
    name = kind if version == 1 else f"{kind} {version}"
    if name not in BODIES:
        raise UnreadError("kind")
    return _part(BODIES[name], body)


def _part(fields: str, value: object) -> Json:
    if not isinstance(value, dict):
        raise UnreadError("body", "an object is missing")
    specs = dict(field.split(":") for field in fields.split())
    if added := value.keys() - specs.keys():
        raise UnreadError("body", f"{min(added)} is not of this kind")
    return {name: _field(name, spec, value) for name, spec in specs.items()}


def _field(name: str, spec: str, values: Json) -> object:
    kind, _, default = spec.partition("=")
    if name in values:
        return _value(name, kind, values[name])
    if not default:
        raise UnreadError("body", f"{name} is missing")
    return parse_json(default)


def _value(name: str, kind: str, value: object) -> object:
    if kind.endswith("?"):
        return None if value is None else _value(name, kind[:-1], value)
    if kind.startswith("["):
        if not isinstance(value, list):
            raise UnreadError("body", f"{name} is no list")
        return [_value(name, kind[1:-1], each) for each in value]
    if kind in PARTS:
        return _part(PARTS[kind], value)
    if not (value in WORDS[kind] if kind in WORDS else SCALARS[kind](value)):
        raise UnreadError("body", f"{name} is no {kind}")
    return value
