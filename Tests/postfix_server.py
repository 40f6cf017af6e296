"""Debian's Postfix as a relay, on a free port of 127.0.0.1 with a configuration and a queue of its own, for tests.

    postfix_server.py FOLDER

Needs root and Debian's postfix (`make deps-postfix`). Takes mail for ann@team.test over STARTTLS and puts it into
FOLDER/boxes/ann/ (a Maildir); every other recipient is refused. Prints one line of JSON: {"port": 12345, "ca":
"..."}. Ends, with its Postfix, when its standard input does.
"""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time

from certificate import certificate

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = team.test
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/etc/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_security_level = encrypt
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
smtpd_recipient_restrictions = reject_unauth_destination
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


def main():
    folder = os.path.realpath(sys.argv[1])
    certificate(folder)
    owner = pwd.getpwnam("postfix")
    # Postfix looks into the folder as another user.
    os.chmod(folder, 0o755)
    for name in ("etc", "queue", "data", "boxes"):
        os.mkdir(os.path.join(folder, name))
    shutil.chown(os.path.join(folder, "data"), "postfix")
    shutil.chown(os.path.join(folder, "boxes"), "postfix")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    facts = {"folder": folder, "port": port, "uid": owner.pw_uid, "gid": owner.pw_gid}
    for name, text in (
            ("main.cf", MAIN), ("master.cf", MASTER), ("boxes", "ann@team.test ann/\n")):
        with open(os.path.join(folder, "etc", name), "w") as file:
            file.write(text.format(**facts) if name != "boxes" else text)
    command = ["postfix", "-c", os.path.join(folder, "etc")]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run([*command, "start"], check=True, timeout=60, **quiet)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        print(json.dumps({"port": port, "ca": os.path.join(folder, "ca.pem")}), flush=True)
        sys.stdin.buffer.read()
    finally:
        subprocess.run([*command, "stop"], timeout=60, stderr=subprocess.DEVNULL, **quiet)


if __name__ == "__main__":
    main()
