"""CaucusMail: caucus membership, announcements and mail for a coalition of NGOs.

The map of the house, from the roof down; an import goes down, never up (``make check`` knows the floors):

``app``            assembles: config in, application out; one request, one transaction
``cli serve``      the command line; the supervisor behind ``make run``
``demo mailbox``   the demo world; the embedded SMTP mailbox and its page (never in production)
``web``            pages: one subpackage for each domain package
``jobs``           the job engine's tasks, each one turn of one queue
``inbound``        mail as a way in: LMTP, reports and complaints, letters to our roles
``announcements``  one message to a chosen audience
``meetings``       what, when, where and who comes; sends nothing
``groups``         email groups and who is on them
``directory``      NGOs, seats, caucuses, affiliations; visibility, consent, sign-up
``accounts``       people: who they are, who may sign in and as what
``audit``          the journal of who did what
``delivery``       the ledger of outgoing mail and the one SMTP door
``throttle``       how often something may be tried
``mail``           the craft of messages: no table, no socket
``links tokens``   every URL a letter may hold; signed tokens with one purpose each
``languages zones``  which language and direction; wall times and instants
``clock database errors settings``  the ground
"""
