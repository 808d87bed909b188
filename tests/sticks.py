"""Villages and a county that meet by stick: a stick that is a folder, a terminal that was let in by hand."""

import os
from pathlib import Path

import pytest

from county.hub import Hub
from county.registry import decide, enrol, make_code
from db.engine import transaction
from db.store import Store, own_log
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key
from kiosk.sync.memory import County, keep_county

EVERYWHERE = ("kiosk.sticks.find_sticks", "kiosk.store_care.find_sticks")


def let_in_by_hand(store: Store, hub: Hub, address: str = "") -> None:
    """What enrolment leaves on both sides."""
    key = Key(bytes(range(32)))
    with store.read() as connection:
        log = own_log(connection, store.village)
    with hub.write() as connection:
        code = make_code(connection, store.village, hub.now(), os.urandom)
        said = Enrolment(
            village=store.village, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1"
        )
        enrol(connection, said, hub.now())
        decide(connection, store.village, log, "active", hub.now())
    with transaction(store.engine, is_write=True) as connection:
        keep_county(connection, store.village, County(address, hub.key.public, hub.key.sealing, key))


def plugged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the machine see a folder as its only stick, for as long as the folder is there."""
    folder.mkdir(exist_ok=True)
    for place in EVERYWHERE:
        monkeypatch.setattr(place, lambda: [folder] if folder.exists() else [])
    return folder
