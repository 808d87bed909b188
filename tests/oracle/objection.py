"""Objections of one village: what became of each, and what no desk may have written about them."""

from collections.abc import Iterable, Iterator
from typing import Final

from .fold import Entry
from .lines import Fault
from .strict import Json

UPHOLDING: Final = ("reversed", "by_hand")
ANSWERED: Final = ("is_upheld", "reply", "reversal", "signer")
REVERSING: Final = {"award_reversed": "award", "deduction_reversed": "deduction", "opening_reversed": "opening"}
"""Kinds that take an entry back, and the field that names it."""


def objections(entries: Iterable[Entry]) -> list[Json]:
    """Return every objection with the answer of lowest rank, null while it waits."""
    entries = list(entries)
    answers: dict[int, Json] = {}
    for entry in entries:
        if entry.kind == "objection_answered":
            answers.setdefault(entry.body["objection"], entry.body)
    raised = sorted((entry for entry in entries if entry.kind == "objection_raised"), key=lambda entry: entry.id)
    return [
        {"id": entry.id, **entry.body, **{name: answers.get(entry.id, {}).get(name) for name in ANSWERED}}
        for entry in raised
    ]


def find_objection_faults(entries: Iterable[Entry]) -> list[Fault]:
    """Return every broken rule about objections."""
    entries = list(entries)
    return [*_numbers(entries), *_answers(entries)]


def _numbers(entries: list[Entry]) -> Iterator[Fault]:
    """The objections of a log are numbered from 1 on; one written again from another log keeps its number."""
    last: dict[int, int] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        if entry.kind == "objection_raised" and not entry.is_recovered:
            expected = last.get(entry.line.log, 0) + 1
            if entry.body["number"] != expected:
                yield entry.line.fault("objection_number", f"{entry.body['number']} is said, {expected} was next")
            last[entry.line.log] = entry.body["number"]


def _answers(entries: list[Entry]) -> Iterator[Fault]:
    """Who upholds says how; a reversal takes back the very entry, and nobody answers about an entry of their own."""
    made = {entry.id: entry for entry in entries}
    for entry in entries:
        if entry.kind != "objection_answered":
            continue
        body, raised = entry.body, made.get(entry.body["objection"])
        if body["is_upheld"] != (body["reply"] in UPHOLDING):
            yield entry.line.fault("objection_reply", f"{body['reply']} with is_upheld {body['is_upheld']}")
        if (body["reply"] == "reversed") != (body["reversal"] is not None):
            yield entry.line.fault("objection_reversal", f"{body['reply']} with reversal {body['reversal']}")
        if raised is None or raised.kind != "objection_raised":
            continue
        about, reversal = made.get(raised.body["entry"]), made.get(body["reversal"])
        if reversal is not None and reversal.body.get(REVERSING.get(reversal.kind, "")) != raised.body["entry"]:
            yield entry.line.fault("objection_reversal", f"{reversal.id} does not take back {raised.body['entry']}")
        if about is not None and about.line.op == body["signer"]:
            yield entry.line.fault("objection_to_own_entry", f"{body['signer']} made {about.id}")
