"""Which tables know people, by package, and which hold words that are nobody's."""

KNOWN = {
    "inbound": {"received": "received"},
    "announcements": {
        "announcements": "announcements",
        "audience_gaps": "left_out_of",
        "interventions": "stepped_in",
        "meeting_farewells": "taken_out_of",
        "meeting_reminders": "reminded_of",
    },
    "meetings": {
        "door_lists": "door_lists_made",
        "door_names": "door_lists",
        "meeting_answers": "answers",
        "meeting_changes": "changes",
        "meeting_check_ins": "said_to_be_there",
        "meeting_door_links": "door_links",
        "meeting_minutes_editions": "minutes",
        "meeting_taps": "counted",
    },
    "groups": {"subscriptions": "subscriptions"},
    "directory": {
        "affiliations": "memberships",
        "applicants": "applications",
        "applications": "decided",
        "consents": "consents",
        "evidence": "applications",
        "hand_overs": "hand_overs",
        "keepers": "keeps",
        "ngos": "verified",
        "pseudonyms": "pseudonyms",
        "representatives": "represents",
        "seats": "seats",
    },
    "delivery": {
        "covers": "covers",
        "deliveries": "letters",
        "outgoing_texts": "letters",
        "suppressions": "not_written_to",
    },
    "audit": {"audit_entries": "journal"},
    "accounts": {
        "address_changes": "address_changes",
        "asked_addresses": "asked_addresses",
        "credentials": "credentials",
        "people": "name",
        "second_addresses": "further_addresses",
        "sign_in_letters": "sign_in_letters",
        "sign_ins": "sign_ins",
    },
}
"""The packages that know people, in the order in which they forget them (from the top floor down), their tables, and under
which word the export of the package shows what stands there."""

NOBODYS = {
    "address_troubles": "keyed fingerprints, forgotten when nothing more comes",
    "announcement_texts": "what a caucus says, in its own name",
    "caucuses": "what the house says of a caucus",
    "consent_texts": "what the house asks, word for word",
    "countries": "names of countries",
    "email_groups": "names of groups",
    "heartbeats": "names of the house's own parts",
    "limit_paces": "names of relays and of recipients' domains, forgotten minutes after the last letter",
    "meeting_attendance": "names of organisations, as they were typed at a door",
    "meeting_questions": "what a caucus asks, in its own name",
    "meeting_minutes": "what a caucus says, in its own name",
    "meeting_papers": "documents of meetings; who added them stands in the journal",
    "meeting_sessions": "names of sessions",
    "meetings": "a meeting's place, and the role to ask for access",
    "outgoing_messages": "the name of a letter, not its words",
    "regions": "names of regions",
    "remote_links": "the way into a meeting from afar",
    "review_windows": "why the house reviews nothing until then",
    "tallies": "keyed fingerprints, made useless by time",
    "venues": "names of places",
    "wishes": "goes by the line of its applicant",
}
"""Tables with a word in them that is of no person, or of none by itself, and why."""
