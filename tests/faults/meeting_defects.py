"""Deliberate defects of the family meeting, each with the tests that must notice it."""

from typing import Final

from tests.faults.defects import Defect

RECOMPUTED: Final = "tests/stories/test_meetings_recomputed.py"
DELIVERED: Final = "tests/properties/test_meeting_delivery.py"
POINTS: Final = "kiosk/domain/meeting_points.py"

MEETING_DEFECTS: Final = (
    Defect(
        "somebody is late by a clock that people set",
        "kiosk/domain/sign_in.py",
        "max(act.stamp.mono - begun.stamp.mono, 0) // MINUTE",
        "max(act.stamp.at - begun.stamp.at, 0) // MINUTE",
        ("tests/kiosk/domain/test_meeting.py",),
    ),
    Defect(
        "somebody is late as soon as the meeting has begun",
        "kiosk/domain/sign_in.py",
        "return late_minutes > rule_in_force(",
        "return late_minutes >= 0 * rule_in_force(",
        ("tests/kiosk/domain/test_meeting.py",),
    ),
    Defect(
        "a second scan signs in again",
        "kiosk/domain/sign_in.py",
        "    if seen.sign_in_id is not None:\n",
        "    if seen.sign_in_id == 0:\n",
        ("tests/kiosk/domain/test_sign_in.py",),
    ),
    Defect(
        "a sign-in that was taken back still counts",
        "kiosk/domain/attendance.py",
        "            ~_is_undone(),\n        )\n        .order_by(sign_in.c.rank)",
        "        )\n        .order_by(sign_in.c.rank)",
        ("tests/kiosk/domain/test_sign_in.py", RECOMPUTED),
    ),
    Defect(
        "what the end had not seen counts all the same",
        "kiosk/domain/attendance.py",
        "        if seen is None or row.request_id is not None or row.seq <= seen.get(row.log, 0):\n",
        "        if seen is None or row.request_id is not None or row.seq <= 2**33:\n",
        (RECOMPUTED, DELIVERED),
    ),
    Defect(
        "the figures of an open meeting know one list only",
        "kiosk/domain/attendance.py",
        ".where(*opened).scalar_subquery() == 1\n",
        ".where(*opened).scalar_subquery() >= 1\n",
        (RECOMPUTED,),
    ),
    Defect(
        "an observer earns",
        POINTS,
        "        if subject in listed and is_better:\n",
        "        if is_better:\n",
        ("tests/kiosk/domain/test_sign_in.py",),
    ),
    Defect(
        "whoever of a household ranks first brings its points, late or not",
        POINTS,
        "(best[row.household_id].is_late and not came.is_late)",
        "(not best[row.household_id].is_late and came.is_late)",
        (RECOMPUTED,),
    ),
    Defect(
        "a household is paid for each of its corrections",
        POINTS,
        "        if item is None or household_id in paid:\n",
        "        if item is None:\n",
        ("tests/kiosk/domain/test_sign_in.py",),
    ),
    Defect(
        "points of a meeting know no cap",
        POINTS,
        "max(earned.room(account, item).fit(item.points), 0)",
        "item.points",
        ("tests/kiosk/domain/test_meeting.py",),
    ),
    Defect(
        "two households with one account each fill what its cap leaves",
        POINTS,
        "            earned.add(account, item, points)\n",
        "",
        (RECOMPUTED,),
    ),
    Defect(
        "an end names no log but its own",
        "kiosk/domain/meeting_end.py",
        "for log in sorted(held) if log != COUNTY_LOG)",
        "for log in sorted(held) if log == act.log)",
        (RECOMPUTED,),
    ),
    Defect(
        "any desk ends a meeting",
        "kiosk/domain/meeting.py",
        '        raise NotAllowed("meeting_elsewhere")\n',
        "        return\n",
        ("tests/kiosk/domain/test_meeting.py",),
    ),
    Defect(
        "a cancelling outweighs an end",
        "kiosk/domain/meeting.py",
        '("ended", "ended"), ("cancelled", "cancelled"), ("begun", "begun")',
        '("cancelled", "cancelled"), ("ended", "ended"), ("begun", "begun")',
        (DELIVERED,),
    ),
    Defect(
        "members of a household that joined another are expected nowhere",
        "kiosk/domain/meeting_roster.py",
        '        if row.state == "open" or row.merged_into_id not in by_id:\n',
        "        if row.merged_into_id not in ():\n",
        (RECOMPUTED,),
    ),
    Defect(
        "who comes for a household that joined another comes for the one that is gone",
        "kiosk/domain/attendee.py",
        "Comer(joined_household(connection, village, came.household_id), person_id)",
        "Comer(came.household_id, person_id)",
        (RECOMPUTED,),
    ),
    Defect(
        "points for coming count each time they are written",
        "db/projections/meeting.py",
        'once_key=f"meeting:{body.meeting}:{body.household}"',
        "once_key=None",
        (DELIVERED,),
    ),
    Defect(
        "nobody looks at a sign-in that came after the end",
        "db/projections/meeting.py",
        "        if row.seq > closings.get((row.meeting_id, row.log), 0)\n",
        "        if row.seq > closings.get((row.meeting_id, row.log), 2**33)\n",
        (RECOMPUTED, DELIVERED),
    ),
    Defect(
        "the end of highest rank counts",
        "db/projections/meeting.py",
        "        .order_by(act.rank)\n    )\n",
        "        .order_by(act.rank.desc())\n    )\n",
        (RECOMPUTED,),
    ),
    Defect(
        "no pass looks at the ends of meetings",
        "db/meeting_invariants.py",
        "        if end is not None and _told(end) != _seen_by(connection, village, held, end):\n",
        "        if end is None and meeting == 0:\n",
        ("tests/db/test_meeting_invariants.py",),
    ),
)
