"""The oracle: a second opinion on an exported journal, by the standard library alone, from docs/ledger.md alone."""
