"""The certificate of the county's line: a key for TLS, vouched for by the county's own key, whatever clocks say.

The county's key signs the certificate and is named in it, so who knows that key, or its check digits, knows the line.
Dates and names are not looked at: a desk's clock may say 1970, and an address is whatever the county has today.
"""

import ssl
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from db.wire.v1.signed import Key

FOREVER: Final = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


def make_certificate(key: Key, lives: tuple[datetime, datetime] = FOREVER) -> bytes:
    """Return a fresh key for TLS and its certificate, signed by the county's key, as one PEM text."""
    fresh = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, key.public)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(fresh.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(lives[0])
        .not_valid_after(lives[1])
        .sign(Ed25519PrivateKey.from_private_bytes(key.seed), None)
    )
    private = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def county_of_certificate(certificate: bytes) -> str | None:
    """Return the county's public key that vouches for a certificate (DER), or None where none does."""
    try:
        read = x509.load_der_x509_certificate(certificate)
        [name] = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        public = str(name.value)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(read.signature, read.tbs_certificate_bytes)
    except (ValueError, InvalidSignature):
        return None
    return public


def county_of_pem(text: bytes) -> str | None:
    """Return the county's public key that vouches for the certificate in a PEM text, or None."""
    _, begins, rest = text.decode("latin-1").partition("-----BEGIN CERTIFICATE-----")
    try:
        return county_of_certificate(ssl.PEM_cert_to_DER_cert(begins + rest))
    except ValueError:
        return None
