"""Kinds of the family form: numbered paper forms for hours without power, and what was entered from them later."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Count, Day, EntityId, Quantity, Several

FormUse: TypeAlias = Literal["redemption", "sign_in"]


class FormsPrinted(Body):
    """Forms of a till got their numbers, `first` and the `count` - 1 after it; `goods` are numbered on them from 1."""

    KIND: ClassVar[str] = "forms_printed"
    use: FormUse
    till: Count
    first: Quantity
    count: Quantity
    goods: Several[EntityId] = ()


class FormEntered(Body):
    """What a form says was entered: `of` is the redemption or the request to sign in, `form_day` its own day."""

    KIND: ClassVar[str] = "form_entered"
    use: FormUse
    till: Count
    number: Quantity
    form_day: Day
    of: EntityId
