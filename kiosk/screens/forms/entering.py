"""Entering forms one after the other: which comes next, whose it is, what went out, and the booking."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.calendar import days_after
from kiosk.errors import Refused
from kiosk.locale.meeting import groups_of
from kiosk.locale.sentence import Sentence
from kiosk.screens.forms.state import FormsState, Step
from kiosk.screens.modals.amount import AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import ask_day
from kiosk.screens.modals.person import ask_person

if TYPE_CHECKING:
    from db.facts.form import FormUse
    from kiosk.domain.find import Found
    from kiosk.domain.form import FormNumber, FormShown
    from kiosk.domain.form_entry import MeetingListed
    from kiosk.domain.goods import Goods
    from kiosk.locale import Texts
    from kiosk.screens.forms.screen import FormsScreen

GOODS_DIGITS = 3
MOST_PIECES = 9_999


async def begin_redemptions(screen: "FormsScreen") -> None:
    """Ask which day stands on the forms, and take the first one. Raises Refused `day_not_open`, `forms_none_left`."""
    form = await _next(screen, "redemption", None)
    day = await _ask_day(screen)
    if day is not None:
        screen.go(FormsState(Step.HOUSEHOLD, form, day))


async def begin_sign_ins(screen: "FormsScreen") -> None:
    """Ask for which meeting, and take the first line. Raises Refused `no_meeting_ended`, `forms_none_left`."""
    from kiosk.domain.form_entry import ended_meetings

    form = await _next(screen, "sign_in", None)
    meetings = await screen.station.read(ended_meetings)
    if not meetings:
        raise Refused("no_meeting_ended")
    named = [_name_of(each, screen.station.texts) for each in meetings]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("forms.which_meeting"), named))
    if chosen is not None:
        screen.go(FormsState(Step.HOUSEHOLD, form, meetings[chosen].day, meetings[chosen]))


async def change_day(screen: "FormsScreen") -> None:
    """Ask which day stands on the forms. Raises Refused `day_not_open`, `form_day_ahead`."""
    day = await _ask_day(screen)
    if day is not None:
        screen.go(replace(screen.state, day=day))


async def take_typed_number(screen: "FormsScreen", typed: str) -> None:
    """Take the form whose number was typed. Raises Refused as `read_number` and `show_form`."""
    from kiosk.domain.form import read_number, show_form

    form = await screen.station.read(show_form, read_number(typed), screen.state.use)
    screen.go(replace(screen.state, step=Step.HOUSEHOLD, form=form, told=None))


async def take_place(screen: "FormsScreen", typed: str) -> None:
    """Take the household whose group and house number were typed; a line of a meeting is asked for at once.

    Raises Refused `place_empty`; as `enter_sign_in_form`.
    """
    from kiosk.domain.find import find_typed

    found = [each for each in await screen.station.read(find_typed, typed) if each.person_id is None]
    household = await _one_of(screen, found)
    if household is None:
        return
    if screen.state.meeting is None:
        screen.go(replace(screen.state, step=Step.GOODS, household=household, lines=(), told=None))
    else:
        await _sign_in(screen, household)


async def take_goods(screen: "FormsScreen", typed: str) -> None:
    """Add goods by their number on the form and, after a point, how many; what is weighed is asked for by itself.

    Raises Refused `form_goods_unknown`, `number_out_of_range`.
    """
    form = screen.state.form
    number, _, pieces = typed.partition(".")
    if form is None or not 1 <= int(number or 0) <= len(form.goods):
        raise Refused("form_goods_unknown", number=int(number or 0))
    goods = form.goods[int(number) - 1]
    quantity = await _weigh(screen, goods) if goods.is_weighed else int(pieces or 1)
    if quantity is not None and quantity < 1:
        raise Refused("number_out_of_range", least=1, most=MOST_PIECES)
    if quantity is not None:
        screen.go(replace(screen.state, lines=(*screen.state.lines, (goods, quantity)), told=None))


async def book(screen: "FormsScreen") -> None:
    """Book the form in the hand, and take the next one.

    Raises Refused `form_without_goods`; as `enter_redemption_form`.
    """
    from kiosk.domain.basket import BasketLine
    from kiosk.domain.form_entry import RedemptionForm, enter_redemption_form

    state = screen.state
    if state.form is None or state.household is None or not state.lines:
        raise Refused("form_without_goods")
    lines = tuple(BasketLine(goods.item_id, quantity) for goods, quantity in state.lines)
    form = RedemptionForm(state.form.number, state.day, state.household.household_id, lines)
    done = await screen.station.do(enter_redemption_form, form)
    told = Sentence(
        "forms.told.booked",
        {
            "number": state.form.number.shown,
            "name": state.household.name,
            "points": done.points,
            "left_points": done.after_points,
        },
    )
    await _go_on(screen, told)


async def _sign_in(screen: "FormsScreen", household: "Found") -> None:
    from kiosk.domain.find import people_of
    from kiosk.domain.form_entry import SignInForm, enter_sign_in_form
    from kiosk.domain.meeting_roster import Comer

    state, who = screen.state, household
    if state.form is None or state.meeting is None:
        return
    if state.meeting.counts == "person":
        chosen = await ask_person(screen, await screen.station.read(people_of, household.household_id))
        if chosen is None:
            return
        who = chosen
    comer = Comer(household.household_id, who.person_id)
    form = SignInForm(state.form.number, state.meeting.meeting_id, comer, state.is_late)
    await screen.station.do(enter_sign_in_form, form)
    await _go_on(screen, Sentence("forms.told.signed", {"number": state.form.number.shown, "name": who.name}))


async def _go_on(screen: "FormsScreen", told: Sentence) -> None:
    """Take the form after this one; back to the jobs where none is left."""
    state = screen.state
    try:
        form = await _next(screen, state.use, state.number)
    except Refused:
        screen.go(FormsState(told=told))
        return
    screen.go(FormsState(Step.HOUSEHOLD, form, state.day, state.meeting, told=told))


async def _next(screen: "FormsScreen", use: "FormUse", after: "FormNumber | None") -> "FormShown":
    """Return the form that lies next in a pile: the one after `after`, else the first. Raises Refused."""
    from kiosk.domain.form import forms_left, show_form

    left = await screen.station.read(forms_left, use)
    if not left:
        raise Refused("forms_none_left")
    behind = [each for each in left if after is not None and (each.till, each.number) > (after.till, after.number)]
    return await screen.station.read(show_form, (behind or left)[0], use)


async def _ask_day(screen: "FormsScreen") -> str | None:
    from kiosk.domain.form_entry import require_form_day

    today = require_form_day("", screen.station.day)
    title = screen.say("forms.which_day")
    day = await ask_day(screen, title, {"today": today, "yesterday": days_after(today, -1)}, title)
    if day is not None:
        require_form_day(day, today)
    return day


async def _one_of(screen: "FormsScreen", found: "list[Found]") -> "Found | None":
    """Give the only one, or the one somebody chooses of several."""
    if len(found) <= 1:
        return found[0] if found else None
    named = [screen.say("forms.one_of", name=each.name, group=each.group, house=each.house) for each in found]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("forms.who"), named))
    return None if chosen is None else found[chosen]


async def _weigh(screen: "FormsScreen", goods: "Goods") -> int | None:
    """Ask how much of weighed goods stands on the form; the answer is in grams. Raises Refused `number_not_whole`."""
    from kiosk.domain.goods import quantity_of

    title = screen.say("forms.how_much", item=goods.name)
    hundredths = await screen.ask(AmountModal(screen.station, title, goods.unit, GOODS_DIGITS))
    return None if hundredths is None else quantity_of(goods, hundredths)


def _name_of(meeting: "MeetingListed", texts: "Texts") -> str:
    """Name a meeting that ended; several of a kind on one day differ by their groups."""
    key = "forms.meeting_of_groups" if meeting.groups else "forms.meeting"
    label, groups = meeting.label(texts.language), groups_of(meeting.groups, texts)
    return texts(key, day=meeting.day[5:], label=label, groups=groups)
