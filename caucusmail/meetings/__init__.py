"""What, when, where and who comes; calendar text. Sends no announcement."""
