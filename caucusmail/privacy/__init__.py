"""What people may ask of what the house knows of them: to see it, and to take it with them."""
