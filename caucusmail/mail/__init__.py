"""The craft of messages; no table, no socket."""
