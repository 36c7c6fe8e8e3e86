"""How often something may be tried, counted in the database."""
