"""Mail that comes in: whether our LMTP server takes it for the addresses that must answer. No message is handed over."""

import smtplib

from caucusmail.doctor.finding import Finding, ok, wrong

SECONDS = 10.0
ROLES = ("postmaster", "abuse", "notices")
"""What must answer at every domain that sends (RFC 2142; RFC 5321, 4.5.1), and the address our letters come from."""
NOBODY = "nobody-of-this-name-is-here"
_CHECK = "incoming mail"


def look(host: str, port: int, domain: str) -> Finding:
    """Ask at RCPT for each role, and for somebody who is not here, as the mail server before us would."""
    try:
        with smtplib.LMTP(host, port, domain, timeout=SECONDS) as server:
            if server.ehlo()[0] != 250:  # smtplib says LHLO here
                return _not_ours(host, port, "speaks no LMTP")
            server.mail("")
            answers = {role: server.rcpt(f"{role}@{domain}")[0] for role in (*ROLES, NOBODY)}
            server.rset()
    except (OSError, smtplib.SMTPException) as problem:
        words = f"nobody takes it at {host}:{port} ({getattr(problem, 'strerror', None) or type(problem).__name__})"
        return wrong(_CHECK, words, "start `flask lmtp`; reports wait at the mail server meanwhile, for some days")
    refused = [f"{role}@{domain}" for role in ROLES if answers[role] != 250]
    if refused:
        return wrong(_CHECK, f"refused for {', '.join(refused)}", "look at MAIL_DOMAIN, at the database and at its log")
    if answers[NOBODY] == 250:
        return _not_ours(host, port, "takes mail for anybody")
    if answers[NOBODY] // 100 != 5:
        words = f"{host}:{port} cannot say now who is here ({answers[NOBODY]})"
        return wrong(_CHECK, words, "look at the database; the mail server comes again")
    return ok(_CHECK, f"taken at {host}:{port} for {', '.join(ROLES)}, and refused for nobody's address")


def _not_ours(host: str, port: int, why: str) -> Finding:
    return wrong(_CHECK, f"{host}:{port} {why}, so it is not ours", "look at LMTP_HOST and LMTP_PORT")
