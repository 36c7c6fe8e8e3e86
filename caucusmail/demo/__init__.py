"""The demo world: fictitious NGOs, deterministic, `.example` addresses only."""
