"""The surroundings that every test may rely on."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import SocketConnectBlockedError


def test_the_clock_shows_local_time_of_china_when_the_machine_stands_elsewhere() -> None:
    """A screen's time does not depend on where the tests run."""
    assert time.strftime("%Y-%m-%d %H:%M", time.localtime(0)) == "1970-01-01 08:00"


def test_a_started_program_sees_the_same_world_when_it_asks_its_environment() -> None:
    """Programs that tests start are as frozen as the tests."""
    script = "import os, time; print(os.environ['KIOSK_HOME'], os.environ['LANG'], time.tzname[0])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.split() == [os.environ["KIOSK_HOME"], "zh_CN.UTF-8", "CST"]


def test_the_data_folder_is_new_when_a_test_begins(tmp_path: Path) -> None:
    """No test finds the store of another or of the person at the machine."""
    home = Path(os.environ["KIOSK_HOME"])
    assert home.is_relative_to(tmp_path)
    assert not home.exists()


def test_a_connection_is_refused_when_it_would_leave_the_machine() -> None:
    """The address is one reserved for documentation: nothing answers there, and the attempt itself is an error."""
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 9), timeout=1)


def test_a_property_has_no_deadline_and_prints_its_seed_when_it_fails() -> None:
    """Two shared cores make any deadline a coin toss, and a failure must be repeatable elsewhere."""
    assert settings().deadline is None
    assert settings().print_blob
