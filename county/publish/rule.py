"""Numbers of the rules: `[[settings]] village, name, value, from_day`, for the names in `db/rules/settable.toml`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from county.county_log import CountyLog
from county.publish.entry import Entry, Row
from db.facts.notice import RuleSet
from db.rules import Settable, settable
from db.rules.in_force import value_set

SET: Final = "settings"


@dataclass(frozen=True)
class SettingEntry:
    """A number that holds from a day on, in one village or in all."""

    row: Row
    village: int
    rule: Settable
    value: int
    from_day: str

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it unless it is what the county's word to this village gives on that day."""
        rules, name = self.rule.rules, self.rule.name
        if value_set(log.connection, log.village, rules, name, self.from_day) == self.value:
            return {}
        log.say(RuleSet(rules=rules, name=name, value=self.value, from_day=self.from_day))
        return Counter({SET: 1})


def read_setting(row: Row) -> Entry:
    """Return a number of the rules. Raises RowError."""
    row.require_fields("village", "name", "value", "from_day")
    known = settable()
    name, value = row.text("name"), row.values["value"]
    if name not in known:
        raise row.wrong(f"{name} is nothing the county sets: use {', '.join(sorted(known))}")
    rule = known[name]
    if not isinstance(value, int) or isinstance(value, bool) or not rule.least <= value <= rule.most:
        raise row.wrong(f"value must be a whole number from {rule.least} to {rule.most} ({rule.unit})")
    return SettingEntry(row, row.village(may_be_all=True), rule, value, row.day("from_day"))
