"""The journal of who did what."""
