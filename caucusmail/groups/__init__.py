"""Email groups and who is on them."""
