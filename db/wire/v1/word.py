"""The county's signed word for where one of its logs ends: as it comes over a line, or with a parcel on a stick."""

from contextlib import suppress

from db.wire.v1.message import Parcel, SignedHead
from db.wire.v1.signed import SignatureError, heard


def end_vouched_for(word: bytes, public: str) -> SignedHead | None:
    """Return the end of a log that the key `public` vouches for, or None where it vouches for none."""
    with suppress(SignatureError):
        return heard(word, SignedHead.KIND, SignedHead, public)
    with suppress(SignatureError):
        said = heard(word, Parcel.KIND, Parcel, public)
        return SignedHead(village=said.village, log=said.log, seq=said.seq, hash=said.hash)
    return None
