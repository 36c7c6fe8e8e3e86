"""Who people are: names, addresses, languages, zones, credentials, sign-in."""
