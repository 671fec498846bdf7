"""Writing to segments: content, campaigns, the ledger, the throttle and the sender."""
