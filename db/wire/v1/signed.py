"""Signed messages: identity is an Ed25519 key, of each terminal and of the county; TLS only keeps things private.

A message is one line `kiosk1 KIND SIGNATURE` and a JSON object; the signature (base64url) covers kind and object. What
is not signed by whom it should be is ignored: a captive portal answers too.
"""

import base64
import hashlib
import json
from typing import Any, Final, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ValidationError

LARGEST_MESSAGE: Final = 64 * 1024
_BEGINNING: Final = b"kiosk1 "
_Message = TypeVar("_Message", bound=BaseModel)


class SignatureError(ValueError):
    """A message that is not what it should be; `reason` is form, kind, signature or body."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Key:
    """A private key: who has it speaks for a terminal, or for the county."""

    def __init__(self, seed: bytes) -> None:
        """Take the 32 bytes the key is made from. Raises ValueError for another length."""
        self.seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The public key as 64 hex digits."""
        return self._key.public_key().public_bytes_raw().hex()

    @property
    def sealing(self) -> str:
        """The public key to which others seal what only this side may read, as 64 hex digits."""
        return sealing_key(self.seed).public_key().public_bytes_raw().hex()

    def sign(self, kind: str, text: bytes) -> bytes:
        """Return a signed message of a kind around a JSON text."""
        signature = base64.urlsafe_b64encode(self._key.sign(kind.encode() + b"\n" + text))
        return _BEGINNING + kind.encode() + b" " + signature + b"\n" + text

    def say(self, kind: str, message: BaseModel) -> bytes:
        """Return a signed message of a model; null fields stay out."""
        return self.sign(kind, message.model_dump_json(exclude_none=True).encode())


def sealing_key(seed: bytes) -> X25519PrivateKey:
    """Return the private key for sealed parcels that goes with a signing key."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kiosk1 sealing").derive(seed)
    return X25519PrivateKey.from_private_bytes(derived)


def heard(data: bytes, kind: str, message: type[_Message], public: str | None = None) -> _Message:
    """Return what a signed message says.

    `public` is whose signature it must carry; without it the message names its key in a field `key` and proves only
    that the sender has that key.

    Raises:
        SignatureError: it is no message (form), of another kind (kind), not signed by that key (signature), or says
            something that does not fit (body).
    """
    said_kind, signature, text = _parts(data)
    if said_kind != kind:
        raise SignatureError("kind", said_kind)
    _check(public or _named_key(text), said_kind, signature, text)
    try:
        return message.model_validate_json(text)
    except ValidationError as error:
        raise SignatureError("body", f"{error.error_count()} faults") from error


def read_unchecked(data: bytes, kind: str, message: type[_Message]) -> _Message:
    """Return what a message says, to learn whose key to check it with; nothing in it may be acted on before.

    Raises:
        SignatureError: form, kind or body, as `heard`.
    """
    said_kind, _signature, text = _parts(data)
    if said_kind != kind:
        raise SignatureError("kind", said_kind)
    try:
        return message.model_validate_json(text)
    except ValidationError as error:
        raise SignatureError("body", f"{error.error_count()} faults") from error


def fingerprint(public: str) -> str:
    """Return what people compare on the telephone: twelve digits of a key in groups of four."""
    number = int.from_bytes(hashlib.sha256(bytes.fromhex(public)).digest()[:8], "big") % 10**12
    digits = f"{number:012}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def _parts(data: bytes) -> tuple[str, bytes, bytes]:
    if len(data) > LARGEST_MESSAGE or not data.startswith(_BEGINNING):
        raise SignatureError("form", "no message")
    first, separator, text = data.partition(b"\n")
    words = first.split(b" ")
    if not separator or len(words) != 3:  # noqa: PLR2004  because the form has three words
        raise SignatureError("form", "no first line")
    try:
        return words[1].decode("ascii"), base64.urlsafe_b64decode(words[2]), text
    except ValueError as error:
        raise SignatureError("form", "no signature") from error


def _named_key(text: bytes) -> str:
    try:
        said: Any = json.loads(text)
        key = said["key"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SignatureError("body", "no key") from error
    if not isinstance(key, str):
        raise SignatureError("body", "no key")
    return key


def _check(public: str, kind: str, signature: bytes, text: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, kind.encode() + b"\n" + text)
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("signature", kind) from error
