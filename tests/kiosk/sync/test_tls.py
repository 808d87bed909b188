"""The line to the county over https: its own key vouches for it, and neither dates nor authorities do."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from county.cli import app
from county.hub import TLS_NAME, Hub, create_hub, keep_certificate, open_engine, open_hub
from county.registry import list_terminals, make_code
from db.wire.v1.certificate import FOREVER, county_of_certificate, county_of_pem, make_certificate
from db.wire.v1.signed import Key, fingerprint
from kiosk.errors import TryAgain
from kiosk.sync.client import Client, CutError
from kiosk.sync.enrolment import enrol_terminal
from kiosk.sync.session import report_to_county, run_session
from tests.hub import free_port, let_in, served
from tests.village import VILLAGE, Village, seeded

OTHER = Key(b"\x08" * 32)
LONG_AGO = (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))
FAR_AHEAD = (datetime(2098, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A village that nobody knows."""
    made = Village(tmp_path / "village")
    yield made
    made.close()


def pem(folder: Path, text: bytes) -> Path:
    """A file with a key and a certificate."""
    file = folder / "line.pem"
    file.write_bytes(text)
    return file


def of_a_portal(names: str) -> bytes:
    """A certificate of somebody else, who may name the county and cannot sign for it."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(FOREVER[0]).not_valid_after(FOREVER[1])
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.sign(key, SHA256()).public_bytes(Encoding.PEM)


def ignore(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""


@pytest.mark.parametrize("lives", [FOREVER, LONG_AGO, FAR_AHEAD], ids=["forever", "over since 1970", "not before 2098"])
def test_village_reports_over_https_when_the_county_vouches_for_the_line(
    hub: Hub, village: Village, tmp_path: Path, lives: tuple[datetime, datetime]
) -> None:
    """Enrolled and reported by whatever date: a desk in 1970 and one in 2099 see certificates of another time."""
    with served(hub, certificate=pem(tmp_path, make_certificate(hub.key, lives))) as county:
        assert county.address.startswith("https://")
        let_in(village.store, hub, county.address)
        assert report_to_county(village.store, now=village.now, advance=ignore).sent > 0


def test_nothing_is_said_when_another_answers_in_the_county_s_place(hub: Hub, village: Village, tmp_path: Path) -> None:
    """Another county's key, a portal, a portal that names the county: told as such, and nothing is reported."""
    with served(hub, certificate=pem(tmp_path, make_certificate(hub.key))) as county:
        let_in(village.store, hub, county.address)
    for text in (make_certificate(OTHER), of_a_portal("portal.example"), of_a_portal(hub.key.public)):
        with (
            served(hub, certificate=pem(tmp_path, text)) as impostor,
            Client(impostor.address) as client,
            pytest.raises(TryAgain, match="county_not_itself"),
        ):
            run_session(village.store, client, village.now, ignore)
        with hub.read() as connection:
            assert [known.heard_at for known in list_terminals(connection)] == [None]


def test_code_is_not_given_away_when_the_check_digits_are_another_s(hub: Hub, village: Village, tmp_path: Path) -> None:
    """Before it is enrolled a terminal knows the county by the digits on its sheet; the code stays unused."""
    with hub.write() as connection:
        code = make_code(connection, VILLAGE, hub.now(), os.urandom)
    with served(hub, certificate=pem(tmp_path, make_certificate(OTHER))) as impostor:
        for digits in (fingerprint(hub.key.public), ""):
            with Client(impostor.address) as client, pytest.raises(TryAgain, match="county_not_itself"):
                enrol_terminal(village.store, client, impostor.address, code, digits, os.urandom)
    with hub.read() as connection:
        assert list_terminals(connection) == ()


def test_line_is_cut_when_no_tls_is_spoken(hub: Hub) -> None:
    """A plain server at that port is a line that does not work, which is tried again."""
    with served(hub) as plain, Client(plain.address.replace("http:", "https:")) as client:
        client.expect(hub.key.public)
        with pytest.raises(CutError, match="county_not_reached"):
            client.post("/v1/hello", b"")


def test_certificate_is_kept_when_the_hub_starts_again(tmp_path: Path) -> None:
    """For its owner's eyes alone; a file of another county, or of nobody, is made anew."""
    key = Key(b"\x07" * 32)
    file = keep_certificate(tmp_path, key)
    text = file.read_bytes()
    assert (county_of_pem(text), file.stat().st_mode & 0o077) == (key.public, 0)
    assert keep_certificate(tmp_path, key).read_bytes() == text
    for other in (make_certificate(OTHER), b"rubbish", b""):
        file.write_bytes(other)
        assert county_of_pem(keep_certificate(tmp_path, key).read_bytes()) == key.public
    for rubbish in (b"", b"\x30\x03\x02\x01\x01", os.urandom(300)):
        assert county_of_certificate(rubbish) is None


def test_hub_serves_over_https_when_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`county serve --tls` uses the certificate of its folder; without it there is none."""
    home, told = str(tmp_path), dict[str, Any]()
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: told.update(options))
    CliRunner().invoke(app, ["init", "--home", home])
    for words, expected in ((["--tls"], tmp_path / TLS_NAME), ([], None)):
        done = CliRunner().invoke(app, ["serve", "--home", home, "--port", str(free_port()), *words])
        assert (done.exit_code, told["ssl_certfile"]) == (0, expected)
    with open_hub(open_engine(tmp_path)).read():
        assert county_of_pem((tmp_path / TLS_NAME).read_bytes())
