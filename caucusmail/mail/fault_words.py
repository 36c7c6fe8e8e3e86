"""What servers write when they do not take a message, in regular expressions, sorted by what it means; pure data.

Each table is one alternation, matched without regard to case against an answer from which the addresses were taken out.
"""

SWITCHED_OFF = (
    r"(account|mailbox|user|recipient|address)\W+(\w+\W+){0,6}?(disabled|suspended|inactive|locked|blocked|frozen|deactivated|on hold|expired)",
    r"(disabled|suspended|inactive|locked|frozen) (recipient|user|account|mailbox)|compte [\w ]{0,30}bloqu",
    r"mailbox is (currently )?unavailable for",
    r"receiving (is )?(disabled|suspended)|(account|mailbox) .{0,20}(not (yet )?activated|dormant|been closed|hibernat)",
)
"""The mailbox is there and was switched off."""

OURS = (
    r"\bspam|\bjunk\b|unsolicited|\bu[bc]e\b|\bbulk\b|virus|malware|content (was )?reject|spamm|mail rejete",
    r"bad url|blacklisted url|black-?list|block-?list|\b(dns)?[rd]n?s?bl\b|spamhaus|spamcop|sorbs",
    r"proofpoint|cloudmark|barracuda|reputation|ip[ -]address[\w ]{0,30}(block|bann|reject|deni)",
    r"(client|sending|sender'?s?) (host|ip)\b|banned|invalid ip|blocked ip|source bloqu|blocked using",
    r"groups\.google\.com|messages from \S+ (weren't|were not) sent|sending ips|\bblocked\b|access from",
    r"open relay|no access from|\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|unauthenticated",
    r"authentication (required|failed|checks?)|smtp auth|\bptr\b|reverse (dns|lookup|name|hostname)",
    r"\brdns\b|no reverse|(find|resolve|lookup) your (host|ip|domain)|\bhelo\b|\behlo\b",
    r"relay(ing)? (access )?(is )?(denied|not|prohibited)|not permitted to|not relay|mail relay",
    r"unable to relay",
    r"sender (address )?(was |is |has been )?(reject|denied|refus|not |unknown|blocked|invalid)",
    r"domain of sender|sender verif|unauthori[sz]ed sender|sender .{0,80}(does not|doesn't) exist",
    r"(you are|you're) not (a )?(member|allowed|permitted)|rate[- ]?limit|connection rate|at a rate",
    r"too many (connection|recipient|message|mail|concurrent|session)|throttl|frequency limited",
    r"unexpected volume|user complaints|exceeded .{0,40}(messages|connections|hourly|daily|rate)",
    r"\bpolic(y|ies)\b|security (polic|reason)|prohibited|administrative(ly)? (prohib|limit)",
    r"not authori[sz]ed|loop detected by|redundant",
    r"(message|mail|header)s? ?(size|length)?\W+(\w+\W+){0,3}?(too (large|big|long)|exceeds?\b|limit exceeded)",
    r"message too|size limit|header error|8-bit|improper use|headers too large|bad header|not rfc",
    r"rfc ?5?2?822 ?(compl|viol)|command parameter",
    r"too (quickly|fast)|in excess of|complaint|suspicious|phishing|certificate|starttls|tls (is )?required|dkim|arc (seal|chain)|backscatter|no[- ]?reply address|spoof|impersonat",
    r"refused to talk to (me|us)",  # a greeting that names nobody can only be about who comes (RFC 5321, 3.1)
    r"rcpthosts|not a gateway|not local host|allowed to (send|relay)|sender('?s)? domain|(mail )?from domain|return[- ]?path|envelope from",
    r"(sending|sender|hourly|daily|outgoing|connection|recipient) (rate )?(quota|limit)|limit(s|ed)? (on|of) (connections|messages|recipients)",
    r"not accept (any )?(e?-?mails?|messages?|connections?) (from|sent by)|dial-?up|dynamic(ally)? (ip|address|assigned)",
)
"""It was about our server, our domain, or what we sent."""

FULL = (
    r"(mail ?box|inbox|account|user)\W+([^\s.]+ ){0,4}?(is |was )?(too )?full\b|mail ?box full|quota",
    r"over[- ]?quota|storage (limit|exceeded)|out of (storage|space)|mailbox (size )?(limit )?exceed",
    r"exceeded (its |the )?(storage|mailbox|size)|boite pleine|bo.te .{0,20}pleine|postfach .{0,10}voll",
    r"buz.n .{0,10}lleno|переполнен|too much mail|mail ?drop .{0,10}full|メールボックス.{0,10}(一杯|いっぱい)",
    r"(messages?|number) in (the )?recipient'?s mailbox exceeded|exhausted .{0,20}(storage|space)|too many (messages|mails) (on|in) (the|its|his|her)|user.{0,20} is full",
)
"""The mailbox takes no more."""

PATIENCE = (r"recipient preferences|message filtered|4\d\d.{0,20}temporary failure|recipient error",)
"""Later, perhaps."""

NO_HOST = (
    r"(host|domain|name)\W+([^\s]+ ){0,4}?(not found|unknown|not exist|nonexistent)|unknown (host|domain)",
    r"unrout(e)?able|no such (host|domain)",
    r"(host|domain).{0,60}(does not|doesn't|not) (accept|receive|rec)\S* (any )?(e?-?mail|mail)(?! (from|sent))|null ?mx",
    r"bad domain|can(not|'t) find .{0,30}(host|domain)|nxdomain|host .{0,60} not found",
    r"(could(n't| not)|can(n't|not)) find any host|no mx|mx (record )?(not found|lookup failed)|does not have (an? )?(mx|mail)|domain is not (hosted|configured|known)",
)
"""There is no such domain, or it takes no mail (RFC 7505)."""

ABSENT = (
    r"(user|recipient|address|mailbox|account|addressee|name)('?s)?\W+([^\s.]+ ){0,4}?(is |was |could )?(unknown|not (be )?(found|exist|known|valid|recogni[sz]ed|listed|active)|no longer|invalid|incorrect|unavailable)\b",
    r"(does|do|did|has|is|was|could)( not|n't|nt)\b.{0,12}\b(exist|found|recogni[sz]ed|listed|known)\b",
    r"not exist\b|\bwas?n.t found\b",
    r"(unknown|invalid|bad|no valid|non-?existent|illegal|unrecogni[sz]ed) (local )?(user|recipient|address|mailbox|account|virtual|e-?mail|destination)",
    r"(does|do)(n't| not) have an? .{0,80}account|no such (?!file)",
    r"no (mailbox|user|account|recipient)s? (here|by that|found|at|with)",
    r"not (a |an |our |one of our )(valid |known |local |existing )?(user|recipient|customer|mailbox|account|member)s?\b",
    r"not our (user|customer)|not known here|recipnotfound|user unkn|rejected recipient",
    r"no longer (on|at|with|in|works|employed|available)",
    r"recipient address rejected\W*(access denied|unknown|undeliverable|\[|\.|$)|address rejected",
    r"(has|have) moved|mailbox (not found|unavailable)|destinataire in",
    r"adresse .{0,40}(invalide|inconnue|inexistante)|utilisateur inconnu|usuario (desconocido|no existe)",
    r"empf.nger unbekannt|benutzer .{0,20}(unbekannt|existiert nicht)|не (существует|найден)",
    r"ディレクトリのリストにありません|見つかり",
    r"(user|recipient|mailbox|account|address) (is )?(no longer|not) (here|valid|active|available|in use|monitored)|not listed in|no longer in use|adressat unbekannt|destinatario (desconocido|no encontrado)|sconosciuto|не найден",
)
"""There is no such mailbox."""

ON_THE_WAY = (
    r"time[d-]? ?-?out|expired|retry time|retry timeout|too long",
    r"(connection|network)\W+(\w+\W+){0,3}?(refused|reset|lost|clos|drop|error|unreach|broken)",
    r"network error|no route|unreachable|not reachable",
    r"(unable|not able|could not|cannot|wasn't able|failed) to (connect|contact|establish)",
    r"not accept (our|any|connec)|requests to connect|socket error|name ?server|name service",
    r"dns (error|query|lookup)|no relevant answers|\bloop|too many hops|hop count|back to myself",
    r"\block(ed)? failure|config(uration)? (error|problem)|internal (system |server )?error|server error",
    r"system error|transaction failed|disk space|insufficient|\bldap\b|i/o error",
    r"(service|server|system) (is )?(currently )?(refus|not avail|unavail|busy|not accept)|try again later",
    r"try later|protocol error|local error|mailer error|child (status|process)|bad command",
    r"\bpipe to \||local delivery failed",
    r"resources temporarily|delivery temporarily|program|transmission failure|mail for .{0,80}loops",
    r"greylist|gr[ae]y-?listing|over(load|loaded)|out of memory|read error|write error|cannot (open|write|create)|permission denied|can't create|temporarily unavailable|connection frequency",
)
"""It did not get there, or the server there is in trouble."""

WEAKLY_OURS = (
    r"access denied|denied|\brejected?\b|refused|not accepted|blocked|not allowed|forbidden|violation",
    r"failed to deliver",
)
"""A refusal that says nothing but that."""

STAGES = (
    (
        "data",
        r"end of data|reply to data|after data|>>> data|smtp command\W+data\b|\(data\)|text command|i sent the message|\[data\b",
    ),
    (
        "sender",
        r"mail_?from\]|reply to mail from|after mail from|>>> mail from|rejected mail from|my name was rejected",
    ),
    ("recipient", r"rcpt[_ ]to|rcpt command|not like recipient|has rejected address|rejected recipient"),
)
"""At which command the server refused: what reports say."""
