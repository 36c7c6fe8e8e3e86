"""Mail as a way in: taken over LMTP, kept as it came, judged afterwards."""
