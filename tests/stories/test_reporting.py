"""A village reports to its county for the first time, by the commands a newcomer types, between two live programs."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import projections
from db.journal import heads
from db.store import Store
from kiosk.domain.goods import find_goods_of_code
from tests.hub import ROOT, HubProcess
from tests.recomputed import recompute
from tests.village import Village

SALT = """
[[goods]]
code = "6990103300302"
name = "食盐"
unit = "袋"
points = 3
from_day = 2026-01-01
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A hub that ends with the test."""
    made = HubProcess(tmp_path / "county")
    yield made
    made.stop(signal.SIGKILL)


def kiosk(home: Path, *arguments: str, ends: int = 0) -> str:
    """Run a command of the terminal and return what it says."""
    environment = os.environ | {"KIOSK_HOME": str(home), "KIOSK_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == ends, done.stderr
    return done.stdout or done.stderr


def test_facts_stand_at_the_county_when_a_newcomer_has_typed_the_commands(tmp_path: Path, hub: HubProcess) -> None:
    """Lay out the hub, enrol, compare the digits, report; kill the hub in between; the oracle agrees on both sides."""
    village = Village(tmp_path / "village")
    for house in range(1, 31):
        village.award(village.household(1, house, "王明"), 500)
    with village.store.read() as connection:
        written = sum(head.seq for head in heads(connection, village.store.village).values())
    village.close()
    hub.run("init")
    code, check = re.search(r"code (\d+) .*county ([\d ]+)", hub.run("code", "123")).groups()  # type: ignore[union-attr]  # because a missing code fails the test here
    hub.start()
    said = kiosk(village.folder, "enrol", "--hub", hub.address, "--code", code, "--check", check, "--json")
    asked = json.loads(said)
    assert (asked["status"], asked["hub_fingerprint"]) == ("pending", check.strip())
    assert "enrolment_pending" in kiosk(village.folder, "sync", ends=77)
    log = re.search(r"0123/(\d+)  pending  " + asked["fingerprint"], hub.run("terminal", "list")).group(1)  # type: ignore[union-attr]  # because a terminal that is not listed fails the test here
    hub.run("terminal", "approve", "123", log, "--check", asked["fingerprint"])
    hub.stop(signal.SIGKILL)
    assert "county_not_reached" in kiosk(village.folder, "sync", ends=75)
    hub.start()
    done = json.loads(kiosk(village.folder, "sync", "--json"))
    assert (done["sent"], done["received"]) == (written, 0)
    hub.stop()
    hub.start()
    assert json.loads(kiosk(village.folder, "sync", "--json"))["sent"] == 0
    prices = tmp_path / "prices.toml"
    prices.write_text(SALT, "utf-8")
    assert "1 new" in hub.run("publish", str(prices))
    assert json.loads(kiosk(village.folder, "sync", "--json"))["received"] == 2
    hub.stop()
    assert_the_same(tmp_path, hub, village.folder)


def price_at_the_till(store: Store) -> int | None:
    """What salt costs here today, by its barcode."""
    with store.read() as connection:
        [goods] = find_goods_of_code(connection, store.village, "06990103300302", "2026-11-22").values()
    return goods.points


def assert_the_same(folder: Path, hub: HubProcess, home: Path) -> None:
    """Both sides hold the same tables, and the oracle finds no fault."""
    from db.engine import open_sqlite
    from db.store import open_store, store_file

    store, county = open_store(open_sqlite(store_file(home))), hub.open()
    with store.read() as here, county.read() as there:
        assert projections.digest(here, store.village) == projections.digest(there, store.village)
    assert recompute(store, folder).faults == []
    assert price_at_the_till(store) == 300
    store.close()
    county.close()
