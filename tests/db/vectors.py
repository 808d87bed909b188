"""The three vectors of the frozen format, exactly as `docs/ledger.md` prints them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Vector:
    """A line, what it hashes to after its predecessor, and the personal text beside it."""

    line: str
    previous: str
    hash: str
    salt: str | None = None
    text: str | None = None
    private: str | None = None


FIRST: Final = Vector(
    line=(
        '{"v":1,"village":123,"log":811467,"seq":1,"turn":1,"kind":"log_begun","kv":1,"op":null,"day":null,'
        '"at":1795329001123,"clock":"f","boot":7,"mono":9121344,"ref":[0,0],'
        '"body":{"till":1,"program":"kiosk 0.1.0","continues":null},"private":null}'
    ),
    previous="0000000000000000000000000000000000000000000000000000000000000000",
    hash="1922a24d1f00cc0c3cff33b0b202845e9e2f5ccbeb6665b14901ab11306a12e5",
)
WITH_PRIVATE_TEXT: Final = Vector(
    line=(
        '{"v":1,"village":123,"log":811467,"seq":2,"turn":977,"kind":"household_registered","kv":1,'
        '"op":2576988967534595,"day":"2026-11-22","at":1795329002123,"clock":"f","boot":7,"mono":9122344,"ref":[17,3],'
        '"body":{"group":3,"house":12,"residents":4},'
        '"private":"656c7d5bef29f80efd129ec8b96ef064498704cb15758905143c4e73e909116c"}'
    ),
    previous="1922a24d1f00cc0c3cff33b0b202845e9e2f5ccbeb6665b14901ab11306a12e5",
    hash="d8794aa0e9e936d9e69cfbedfc6b9f5498e0be9aa63ea94b7ab2b6d3443e6b82",
    salt="000102030405060708090a0b0c0d0e0f",
    text='{"name":"王明"}',
    private="656c7d5bef29f80efd129ec8b96ef064498704cb15758905143c4e73e909116c",
)
WITH_FOUR_BYTES: Final = Vector(
    line=(
        '{"v":1,"village":123,"log":811467,"seq":3,"turn":978,"kind":"points_awarded","kv":1,"op":2576988967534595,'
        '"day":"2026-11-22","at":1795329003123,"clock":"f","boot":7,"mono":9123344,"ref":[17,3],'
        '"body":{"household":6970448453566466,"person":null,"scheme":"zhijin_household","item":"meeting_on_time",'
        '"points":450,"paper":"𠂇-12","request":null,"legs":[{"account":"household","household":6970448453566466,'
        '"points":450},{"account":"issued","household":null,"points":-450}]},'
        '"private":"d4be52734497abcca13d0dff59f9be935854819b41fa73a90c6d0a5a29f840e0"}'
    ),
    previous="d8794aa0e9e936d9e69cfbedfc6b9f5498e0be9aa63ea94b7ab2b6d3443e6b82",
    hash="359ad8ecde3ce9a2777da01fba916cd60e4d873a9da622b3cda931c0ac74d920",
    salt="f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    text='{"note":"𠮷小川扫雪\\"两次\\"\\n午后"}',
    private="d4be52734497abcca13d0dff59f9be935854819b41fa73a90c6d0a5a29f840e0",
)
VECTORS: Final = (FIRST, WITH_PRIVATE_TEXT, WITH_FOUR_BYTES)
