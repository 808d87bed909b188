"""Deliberate defects of a hub's care: backup, restore, what follows it, the private line, the rights of a role."""

from typing import Final

from tests.faults.defects import Defect

_BACKUP: Final = "tests/county/test_backup.py"
_RECOVERY: Final = "tests/county/test_recovery.py"
_TLS: Final = "tests/kiosk/sync/test_tls.py"

HUB_DEFECTS: Final = (
    Defect(
        "a restored hub goes on in its old epoch",
        "county/restore.py",
        "            return begin_epoch(connection, moment.entropy)\n",
        "            return moment.taken\n",
        (f"{_BACKUP}::test_hub_is_as_it_was_when_it_is_restored_on_either_engine",),
    ),
    Defect(
        "a restored hub speaks at once",
        "county/restore.py",
        "            begin_recovery(connection, moment.at)\n",
        "",
        (f"{_RECOVERY}::test_county_lines_come_back_when_a_restored_hub_lacks_them",),
    ),
    Defect(
        "the county writes while it waits",
        "county/county_log.py",
        "        require_recovered(connection)\n",
        "",
        (f"{_RECOVERY}::test_county_lines_come_back_when_a_restored_hub_lacks_them",),
    ),
    Defect(
        "the journal of a hub that was killed is left to the one that takes its place",
        "county/restore.py",
        "    if left.exists():  #",
        "    if not left.name:  #",
        (f"{_BACKUP}::test_hub_of_before_is_kept_when_another_takes_its_place",),
    ),
    Defect(
        "the chains of a backup are not walked",
        "county/backup.py",
        "list(_chain_faults(connection, advance))",
        "[]",
        (f"{_BACKUP}::test_damage_is_noticed_when_a_byte_of_a_backup_has_changed",),
    ),
    Defect(
        "anybody says where a log of the county ends",
        "db/wire/v1/word.py",
        "from db.wire.v1.signed import SignatureError, heard\n",
        "from db.wire.v1.signed import SignatureError, read_unchecked\n\n\n"
        "def heard(data, kind, message, _public):\n    return read_unchecked(data, kind, message)\n",
        (f"{_RECOVERY}::test_lines_are_taken_back_when_the_county_itself_signed_their_end",),
    ),
    Defect(
        "lines are taken back wherever their chain ends",
        "county/recovery.py",
        "    if is_beyond or held is None or held.hex() != head.hash:\n",
        "    if held is None:\n",
        (f"{_RECOVERY}::test_lines_are_taken_back_when_the_county_itself_signed_their_end",),
    ),
    Defect(
        "a terminal is known again after the county has resumed",
        "county/recovery.py",
        "    if not is_recovering(connection) or word.village",
        "    if word.village",
        (f"{_RECOVERY}::test_terminal_is_known_again_when_it_was_let_in_after_the_backup",),
    ),
    Defect(
        "a key that was shut out is let in again by an old certificate",
        "county/recovery.py",
        "said.sealing is None or is_known:",
        "said.sealing is None:",
        (f"{_RECOVERY}::test_nobody_is_known_again_when_the_county_s_word_is_not_for_them",),
    ),
    Defect(
        "a certificate names the county and need not be signed by it",
        "db/wire/v1/certificate.py",
        ".verify(read.signature, read.tbs_certificate_bytes)",
        "",
        (f"{_TLS}::test_nothing_is_said_when_another_answers_in_the_county_s_place",),
    ),
    Defect(
        "any county may vouch for the line",
        "kiosk/sync/client.py",
        "        if public is None or self.county not in (public, _digits(fingerprint(public))):\n",
        "        if public is None:\n",
        (f"{_TLS}::test_nothing_is_said_when_another_answers_in_the_county_s_place",),
    ),
    Defect(
        "a terminal forgets the county's word for its lines",
        "kiosk/sync/session.py",
        "            memory.keep_county_word(connection, talk.store.village, stretch.village, word)\n",
        "            pass\n",
        (f"{_RECOVERY}::test_county_lines_come_back_when_a_restored_hub_lacks_them",),
    ),
    Defect(
        "a role of the database may change lines",
        "county/schema.py",
        'table_of(Line): "SELECT, INSERT",',
        'table_of(Line): "SELECT, INSERT, UPDATE, DELETE",',
        ("tests/county/test_schema.py::test_lines_stay_as_they_are_when_a_role_has_what_it_needs_and_no_more",),
    ),
)
