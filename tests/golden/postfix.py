"""A Postfix of one's own: its own configuration, queue and port, on localhost; it relays all it takes to one port.

It needs root, since Postfix gives up its rights process by process. Debian's package makes the users it does so for.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import services
from tests.journeys import processes

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}/log
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.caucus.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
smtp_host_lookup = native
smtp_destination_recipient_limit = 1
smtputf8_enable = yes
smtp_tls_security_level = none
smtpd_tls_security_level = none
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
smtp      unix  - - n -     - smtp
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@contextmanager
def relaying(folder: Path, sink: int) -> Iterator[int]:
    """The port of a Postfix whose files are below ``folder``, and which passes everything on to the port ``sink``."""
    if shutil.which("postfix") is None:
        services.missing("Postfix is not installed")
    if os.geteuid() != 0:
        services.missing("a Postfix of the test's own needs root")
    for one in (folder, *folder.parents[:3]):
        one.chmod(one.stat().st_mode | 0o011)  # Postfix's own users must get through
    port = processes.free_port()
    for name in ("queue", "data", "log", "etc"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, sink=sink))
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port).lstrip())
    command = ["postfix", "-c", str(folder / "etc")]
    began = subprocess.run([*command, "start"], capture_output=True, text=True)
    if began.returncode:
        log = folder / "log" / "mail.log"
        raise AssertionError(f"Postfix did not start: {began.stderr} {log.read_text() if log.exists() else ''}")
    try:
        yield port
    finally:
        subprocess.run([*command, "stop"], capture_output=True)
