"""One message to a chosen audience."""
