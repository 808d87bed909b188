"""Signed messages: only what the right key said is heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db.wire.v1.message import Enrolment, SignedHead
from db.wire.v1.signed import LARGEST_MESSAGE, Key, SignatureError, fingerprint, heard, read_unchecked

HERS = Key(b"\x01" * 32)
HIS = Key(b"\x02" * 32)
HEAD = SignedHead(village=123, log=7, seq=42, hash="ab" * 32)


def test_message_is_heard_when_the_right_key_signed_it() -> None:
    """What was said comes out, unknown fields left aside."""
    assert heard(HERS.say("head", HEAD), "head", SignedHead, HERS.public) == HEAD
    later = HERS.sign("head", b'{"village":1,"log":2,"seq":3,"hash":"%s","mood":"good"}' % (b"0" * 64))
    assert heard(later, "head", SignedHead, HERS.public).seq == 3
    assert read_unchecked(later, "head", SignedHead).log == 2


def test_message_is_refused_when_another_key_signed_it() -> None:
    """Neither another terminal nor a portal that answers everything is believed."""
    with pytest.raises(SignatureError, match="signature"):
        heard(HIS.say("head", HEAD), "head", SignedHead, HERS.public)
    with pytest.raises(SignatureError, match="form"):
        heard(b"<html>please log in</html>", "head", SignedHead, HERS.public)


def test_message_is_refused_when_it_is_used_for_something_else() -> None:
    """A head is no receipt, and the kind is signed too."""
    said = HERS.say("head", HEAD)
    with pytest.raises(SignatureError, match="kind"):
        heard(said, "receipt", SignedHead, HERS.public)
    with pytest.raises(SignatureError, match="signature"):
        heard(said.replace(b"kiosk1 head", b"kiosk1 receipt"), "receipt", SignedHead, HERS.public)


def test_key_is_proved_when_the_message_names_it() -> None:
    """Whoever enrols shows that they have the key they name."""
    enrolment = Enrolment(village=1, log=2, code="1234", key=HERS.public, sealing=HERS.sealing, program="kiosk 1")
    assert heard(HERS.say("enrol", enrolment), "enrol", Enrolment) == enrolment
    with pytest.raises(SignatureError, match="signature"):
        heard(HIS.say("enrol", enrolment), "enrol", Enrolment)
    with pytest.raises(SignatureError, match="body"):
        heard(HIS.say("head", HEAD), "head", SignedHead)


def test_body_is_refused_when_it_does_not_fit() -> None:
    """Words instead of numbers, numbers beyond what JSON readers hold, a message beyond any size."""
    for text in (
        b"{}",
        b"[]",
        b'{"village":"1","log":2,"seq":3,"hash":""}',
        b'{"village":1,"log":2,"seq":9007199254740993}',
    ):
        with pytest.raises(SignatureError, match="body"):
            heard(HERS.sign("head", text), "head", SignedHead, HERS.public)
    with pytest.raises(SignatureError, match="form"):
        heard(HERS.sign("head", b" " * LARGEST_MESSAGE), "head", SignedHead, HERS.public)


@given(some.binary(max_size=300))
def test_rubbish_is_refused_when_it_is_heard(data: bytes) -> None:
    """Any bytes end in a refusal."""
    for rubbish in (data, b"kiosk1 " + data, b"kiosk1 head " + data + b"\n{}"):
        with pytest.raises(SignatureError):
            heard(rubbish, "head", SignedHead, HERS.public)


def test_fingerprint_is_twelve_digits_when_people_compare_it() -> None:
    """Digits are read aloud in every dialect."""
    assert fingerprint(HERS.public) != fingerprint(HIS.public)
    assert fingerprint(HERS.public).replace(" ", "").isdigit()
    assert len(fingerprint(HERS.public)) == 14
