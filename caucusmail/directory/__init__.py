"""NGOs, seats, caucuses, affiliations; visibility, consent, sign-up."""
