"""How a meeting is named for people: its kind, whom it is for, what it counts. On screens and on paper alike."""

from collections.abc import Iterable

from kiosk.locale import Texts


def groups_of(groups: Iterable[int], texts: Texts) -> str:
    """Name village groups; none means the whole village."""
    named = texts("meeting.and").join(str(group) for group in groups)
    return texts("meeting.groups", groups=named) if named else texts("meeting.whole_village")


def counted_kind(kind: str, counts: str, texts: Texts) -> str:
    """Say beside the name of a kind what it counts (`person` or `household`), unless the name says so itself."""
    said = texts(f"meeting.counts.{counts}")
    return kind if said in kind else texts("meeting.counted_kind", kind=kind, counts=said)
