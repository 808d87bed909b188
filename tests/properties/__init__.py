"""What holds for every ledger, whatever is written and however it is delivered."""
