"""The ledger of outgoing mail and the one SMTP door."""
