"""Deliberate defects of reporting to the county, each with the tests that must notice it."""

from typing import Final

from tests.faults.defects import Defect

ANSWERS: Final = "tests/faults/sync/test_answers.py"
COPIES: Final = "tests/faults/sync/test_copies.py"
CUTS: Final = "tests/faults/sync/test_cuts.py"
MACHINES: Final = "tests/faults/sync/test_machines.py"
MALFORMED: Final = "tests/faults/sync/test_malformed.py"
PARTIES: Final = "tests/faults/sync/test_parties.py"
STALLS: Final = "tests/faults/sync/test_stalls.py"
WILD: Final = "tests/faults/sync/test_wild.py"
APP: Final = "county/app.py"
INTAKE: Final = "county/intake.py"
PUSH: Final = "kiosk/sync/push.py"
SESSION: Final = "kiosk/sync/session.py"

SYNC_DEFECTS: Final = (
    Defect(
        "lines count as acknowledged before the county has said so",
        PUSH,
        "        said = talk.client.put_frames(village, log, talk.token, make_frames(pieces), head)\n",
        "        with transaction(talk.store.engine, is_write=True) as connection:\n"
        "            memory.note_acknowledged(connection, village, log, end, talk.at)\n"
        "        said = talk.client.put_frames(village, log, talk.token, make_frames(pieces), head)\n",
        (CUTS,),
    ),
    Defect(
        "the terminal goes by its own cursor and not by the hub's word",
        SESSION,
        "        _remember(connection, village, log, answer, plan, talk.at)\n",
        "        cursor = memory.acknowledged(connection, village, log)\n"
        "        _remember(connection, village, log, answer, plan, talk.at)\n"
        "        cursor = max(cursor, memory.acknowledged(connection, village, log))\n"
        "        memory.note_acknowledged(connection, village, log, cursor, talk.at)\n"
        "        plan = replace(plan, push=plan.push and replace(plan.push, after=cursor))\n",
        (PARTIES,),
    ),
    Defect(
        "the terminal believes whoever answers",
        "kiosk/sync/talk.py",
        "            return heard(data, kind, message, self.county.hub_key)\n",
        "            return message.model_validate_json(data.partition(b'\\n')[2])\n",
        (ANSWERS,),
    ),
    Defect(
        "an old answer is an answer",
        SESSION,
        "    if answer.nonce != said.nonce:\n",
        "    if not answer.nonce:\n",
        (ANSWERS,),
    ),
    Defect(
        "lines of the county are taken without its word for them",
        SESSION,
        "    if not is_right or head.hash != reached.hex():\n",
        "    if not is_right:\n",
        (ANSWERS,),
    ),
    Defect(
        "the store is held while the county is waited for",
        PUSH,
        "        said = talk.client.put_frames(village, log, talk.token, make_frames(pieces), head)\n",
        "        with transaction(talk.store.engine, is_write=True):\n"
        "            said = talk.client.put_frames(village, log, talk.token, make_frames(pieces), head)\n",
        (STALLS,),
    ),
    Defect(
        "a damaged line is sent",
        "db/wire/v1/sound.py",
        "    if not kept or (kept[-1].hash == reached and all(map(_has_its_text, lines))):\n",
        "    if len(lines) == len(kept):\n",
        (MACHINES,),
    ),
    Defect(
        "the hub does not look who signed",
        "db/wire/v1/signed.py",
        "    _check(public or _named_key(text), said_kind, signature, text)\n",
        "",
        (MALFORMED,),
    ),
    Defect(
        "the hub takes lines only where its own end",
        "db/journal.py",
        "    if facts[0].seq > head.seq + 1:\n",
        "    if facts[0].seq != head.seq + 1:\n",
        (WILD, MALFORMED),
    ),
    Defect(
        "the hub stores beyond a gap",
        "db/journal.py",
        "    if facts[0].seq > head.seq + 1:\n",
        "    if facts[0].seq > head.seq + 10**6:\n",
        (PARTIES, MALFORMED),
    ),
    Defect(
        "whoever was shut out goes on with the session at hand",
        INTAKE,
        '    if not terminal.is_heard:\n        raise NotHeardError("revoked")\n',
        "",
        (PARTIES,),
    ),
    Defect(
        "the hub judges before it stores",
        "county/delivery.py",
        "        store(connection, delivery.village, delivery.log, lines)\n",
        "        from db.facts import read_body\n        from db.line import read\n\n"
        "        for sealed in lines:\n            read_body(read(sealed.line))\n"
        "        store(connection, delivery.village, delivery.log, lines)\n",
        (MACHINES, MALFORMED),
    ),
    Defect(
        "a full disk of the hub is a fault of the program",
        APP,
        "    app.add_exception_handler(DBAPIError, _put_off)\n",
        "",
        (MACHINES,),
    ),
    Defect(
        "frames are inflated all at once",
        "db/wire/v1/frame.py",
        '    if content.count(b"\\n") > MOST_RECORDS:\n        raise FrameError("content", "too many records")\n',
        "",
        ("tests/db/wire/test_frame.py",),
    ),
    Defect(
        "an older copy goes on in the log the county knows better",
        "db/wire/v1/steps.py",
        '    if there is not None and has_there > has_here:\n        return None, "ended"\n',
        "    if there is not None and has_there > has_here:\n        return None, None\n",
        (COPIES,),
    ),
)
